"""The form of a mentor's profile: what to call it, how to type it. The rules are the verb's."""

from decimal import Decimal
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.http import QueryDict

from openmentor.base import money
from openmentor.mentors.models import TEXTS, Mentor
from openmentor.mentors.profiles import Profile
from openmentor.people.models import Person
from openmentor.web import zones
from openmentor.web.mentor_house import currencies

NAMES: Final = {
    "one_on_one_price_minor": "one_on_one_price",
    "group_price_minor": "group_price",
}
"""The form's fields where the verb has other words."""
_SAID = (
    "headline",
    "job_title",
    "specialisations",
    "languages",
    "bio",
    "timezone",
    "currency",
    "refund_policy",
)

USUAL_GROUP_PRICE: Final = (50, 70)
"""Per cent of the one-on-one price that a place in a group usually costs."""


_NO_AMOUNT = dict.fromkeys(
    ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
    "Write an amount such as 1500 or 19.99.",
)


class WordsField(forms.Field):
    """A list of words, typed with commas between them."""

    def to_python(self, value: Any) -> list[str]:
        """The words."""
        return [word.strip() for word in str(value or "").split(",") if word.strip()]

    def prepare_value(self, value: Any) -> str:
        """The words as they are typed."""
        return ", ".join(value) if isinstance(value, list) else value


class PriceField(forms.DecimalField):
    """An amount in whole units of a currency, as people type it; nothing typed is no price."""

    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=0,
            max_digits=13,
            decimal_places=3,
            required=False,
            error_messages=_NO_AMOUNT,
            **options,
        )

    def clean(self, value: Any) -> Decimal:
        """The amount."""
        return super().clean(value) or Decimal(0)


def minor(form: forms.Form, name: str, *, currency: str) -> int:
    """A price of the form in minor units; an amount finer than the currency is a mistake."""
    amount: Decimal = form.cleaned_data.get(name) or Decimal(0)
    if amount != round(amount, money.digits(currency)):
        form.add_error(name, f"{currency} has {money.digits(currency)} decimal places.")
    return money.minor(amount, currency)


def major(amount_minor: int, currency: str) -> str:
    """A price as it is typed: `1500`, or `19.99`."""
    amount = money.major(amount_minor, currency)
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount}"


class ProfileForm(forms.Form):
    """What a mentor says, and what an hour costs."""

    headline = forms.CharField(
        required=False,
        max_length=TEXTS["headline"],
        help_text="One line below your name: what people learn with you.",
    )
    job_title = forms.CharField(required=False, max_length=TEXTS["job_title"])
    specialisations = WordsField(
        required=False,
        label="Can help with",
        help_text="With commas between them, such as: React, System design, Interviews",
    )
    languages = WordsField(
        required=False, label="Languages you speak", help_text="Such as: English, Hindi"
    )
    bio = forms.CharField(
        required=False,
        label="More about you",
        max_length=TEXTS["bio"],
        widget=forms.Textarea({"rows": 8}),
        help_text="You can write **bold**, *italic*, - lists and [links](https://…).",
    )
    timezone = forms.ChoiceField(
        label="Time zone", help_text="Your weekly hours are on this zone’s clock."
    )
    currency = forms.ChoiceField(choices=currencies.choices)
    one_on_one_price = PriceField(
        label="One-on-one, per hour",
        help_text="What you usually take. Each session type has its own price.",
    )
    group_price = PriceField(label="Group session, per person and hour")
    refund_policy = forms.ChoiceField(
        label="When a mentee cancels, they get back",
        choices=[
            ("flexible", "Flexible: everything until 2 hours before"),
            ("moderate", "Moderate: everything until 24 hours before, half until 2 hours"),
            ("strict", "Strict: everything until 48 hours before"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, typed: QueryDict | None = None, *, kept: Mentor) -> None:
        super().__init__(typed, initial=_typed(kept))
        names = dict.fromkeys([*zones.choices(), kept.timezone])  # An alias may be kept, too.
        zone = cast(forms.ChoiceField, self.fields["timezone"])
        zone.choices = [(name, name.replace("_", " ")) for name in names]
        self.fields["group_price"].help_text = _hint(kept)

    def clean(self) -> dict[str, Any]:
        """The prices in minor units besides what was typed."""
        currency = self.cleaned_data.get("currency", settings.DEFAULT_CURRENCY)
        for name in NAMES.values():
            self.cleaned_data[f"{name}_minor"] = minor(self, name, currency=currency)
        return self.cleaned_data

    def profile(self) -> Profile:
        """What the verb takes."""
        typed = {
            name: value for name, value in self.cleaned_data.items() if name in {*_SAID, *NAMES}
        }
        return cast(Profile, typed)


class ApplicationForm(ProfileForm):
    """The same, before there is a profile: also the address it will have."""

    handle = forms.CharField(
        required=False,
        max_length=40,
        label="Address of your page",
        help_text="Small letters, digits and hyphens. Left empty, it is made from your name.",
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, typed: QueryDict | None = None, *, kept: Mentor) -> None:
        super().__init__(typed, kept=kept)
        del self.fields["refund_policy"]
        if kept.pk:
            del self.fields["handle"]


def blank(person: Person) -> Mentor:
    """The profile of somebody who has none yet, to fill a form with."""
    return Mentor(person=person, timezone=person.timezone, currency=settings.DEFAULT_CURRENCY)


def _typed(kept: Mentor) -> dict[str, Any]:
    prices = {
        field: major(getattr(kept, column), kept.currency)
        for column, field in NAMES.items()
        if getattr(kept, column)
    }
    return {name: getattr(kept, name) for name in _SAID} | prices


def _hint(kept: Mentor) -> str:
    """What a place in a group usually costs, in per cent and, where it can be said, in money."""
    low, high = USUAL_GROUP_PRICE
    hint = f"{low}–{high} % of the one-on-one price is usual"
    if not kept.one_on_one_price_minor:
        return f"{hint}."
    ends = (
        money.display(money.share(kept.one_on_one_price_minor, end, 100), kept.currency)
        for end in USUAL_GROUP_PRICE
    )
    return f"{hint}: {' to '.join(ends)} for you."
