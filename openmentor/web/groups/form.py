"""The form of a group session: what to call it, how to type it. The rules are the verb's."""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms

from openmentor.availability import hours
from openmentor.booking import planning
from openmentor.booking.diary import moment
from openmentor.booking.group_facts import NUMBERS, TEXTS
from openmentor.booking.models import Group, Session
from openmentor.mentors.models import Mentor
from openmentor.web.mentor_house import currencies
from openmentor.web.mentor_house.profile_form import PriceField, WordsField, major, minor

NAMES: Final = {
    "starts_at": "date",
    "price_minor": "price",
    "join_until": "closes_hours",
}
"""The form's fields where the verb has other words."""
VISIBILITIES: Final = (
    ("public", "Everybody can find it"),
    ("unlisted", "Only with the link"),
    ("private", "Only people I invite"),
)


def _number(name: str, label: str, **options: Any) -> forms.IntegerField:
    least, most = NUMBERS[name]
    return forms.IntegerField(label=label, min_value=least, max_value=most, **options)


class GroupForm(forms.Form):
    """What a host says of a group session; dates and times are the host's own clock."""

    title = forms.CharField(
        max_length=TEXTS["title"],
        help_text="Such as: Reading code together",
        error_messages={"required": "Say in a few words what it is about."},
    )
    description = forms.CharField(
        required=False,
        max_length=TEXTS["description"],
        widget=forms.Textarea({"rows": 5}),
        help_text="What happens in it and whom it is for. You can use Markdown.",
    )
    date = forms.DateField(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    time = forms.TimeField(
        label="Start", widget=forms.TimeInput({"type": "time", "step": "60"}, "%H:%M")
    )
    duration_minutes = _number("duration_minutes", "Minutes", initial=60)
    capacity = _number("capacity", "Places", initial=10)
    price = PriceField(label="Price per person", help_text="0 is free.")
    currency = forms.ChoiceField(choices=currencies.choices)
    tags = WordsField(required=False, help_text="With commas between them: Rust, careers")
    visibility = forms.ChoiceField(
        label="Who can find it",
        choices=VISIBILITIES,
        widget=forms.RadioSelect,
        initial=Group.Visibility.PUBLIC,
    )
    invitations = forms.CharField(
        required=False,
        label="Whom you invite",
        widget=forms.Textarea({"rows": 3}),
        help_text="For a private session: one email address in each line.",
    )
    instructions = forms.CharField(
        required=False,
        label="Instructions",
        max_length=TEXTS["instructions"],
        widget=forms.Textarea({"rows": 3}),
        help_text="Only those who have a place read this.",
    )
    min_participants = _number(
        "min_participants",
        "At least this many people",
        required=False,
        help_text="Fewer 24 hours before: it is cancelled and everybody is refunded.",
    )
    closes_hours = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=24 * 60,
        label="Joining ends so many hours before",
        help_text="Empty: people can join until it starts.",
    )
    names_shown = forms.BooleanField(required=False, label="Participants see each other’s names")

    def clean(self) -> dict[str, Any]:
        """The price in minor units besides what was typed."""
        currency = self.cleaned_data.get("currency", "")
        if currency:
            self.cleaned_data["price_minor"] = minor(self, "price", currency=currency)
        return self.cleaned_data

    def facts(self, zone: ZoneInfo) -> dict[str, Any]:
        """What the verbs take; the wall time is read by the law of `availability.hours`."""
        typed = dict(self.cleaned_data)
        at = typed.pop("time")
        starts_at = moment(hours.instant(zone, typed.pop("date"), at.hour * 60 + at.minute))
        closes = typed.pop("closes_hours")
        del typed["price"]
        for name in ("repeat_weeks", "skip_clashes"):
            typed.pop(name, None)
        return typed | {
            "starts_at": starts_at,
            "join_until": None if closes is None else starts_at - timedelta(hours=closes),
            "invitations": typed["invitations"].split(),
        }


class NewGroupForm(GroupForm):
    """The same for a new one, which may come every week."""

    repeat_weeks = forms.IntegerField(
        label="Repeat for so many weeks",
        min_value=1,
        max_value=planning.MOST_WEEKS,
        initial=1,
        help_text="1 is only once. More: every week at the same time of day.",
    )
    skip_clashes = forms.BooleanField(required=False, label="Leave out the days listed above")


def empty(mentor: Mentor) -> NewGroupForm:
    """The form for a new session of this mentor."""
    price = planning.usual_price(mentor, 60)
    return NewGroupForm(
        initial={"currency": mentor.currency, "price": major(price, mentor.currency)}
    )


def kept(session: Session) -> GroupForm:
    """The form with a session as it is."""
    group, zone = session.group, ZoneInfo(session.mentor.timezone)
    local = session.starts_at.astimezone(zone)
    of_group = ("description", "instructions", "visibility", "tags", "min_participants")
    words = {name: getattr(group, name) for name in (*of_group, "names_shown")}
    facts = {name: getattr(session, name) for name in ("title", "capacity", "currency")}
    return GroupForm(
        initial=words
        | facts
        | {
            "date": local.date(),
            "time": local.time(),
            "duration_minutes": (session.ends_at - session.starts_at) // timedelta(minutes=1),
            "price": major(session.price_minor, session.currency),
            "invitations": "\n".join(group.invitations.values_list("email", flat=True)),
            "closes_hours": _closes(session.starts_at, group.join_until),
        }
    )


def _closes(starts_at: datetime, until: datetime | None) -> int | None:
    return None if until is None else (starts_at - until) // timedelta(hours=1)
