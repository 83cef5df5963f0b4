"""The form of booking settings (SPEC §3)."""

from typing import Any, Final, cast

from django import forms
from django.http import QueryDict

from openmentor.mentors.models import SETTINGS, Mentor
from openmentor.mentors.profiles import Profile

HOUR: Final = 60
NONE: Final = "none"
"""The choice that keeps no number: the usual of SPEC §3."""
_NOTICE = {
    NONE: "From tomorrow",
    "0": "At once",
    str(HOUR): "After 1 hour",
    str(2 * HOUR): "After 2 hours",
    str(4 * HOUR): "After 4 hours",
    str(8 * HOUR): "After 8 hours",
    str(12 * HOUR): "After 12 hours",
    str(24 * HOUR): "After 24 hours",
    str(48 * HOUR): "After 2 days",
    str(7 * 24 * HOUR): "After a week",
}
_STEP = {NONE: "As long as the session", "15": "15 minutes", "30": "30 minutes", "60": "1 hour"}
_BUFFER = {"0": "None"} | {
    str(minutes): f"{minutes} minutes" for minutes in (5, 10, 15, 30, 45, 60)
}


def _choice(choices: dict[str, str], **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=list(choices.items()), coerce=_minutes, **options)


def _minutes(chosen: str) -> int | None:
    return None if chosen == NONE else int(chosen)


def _number(name: str, **options: Any) -> forms.IntegerField:
    least, most = SETTINGS[name]
    return forms.IntegerField(min_value=least, max_value=most, **options)


class RulesForm(forms.Form):
    """When the first session can begin, when the last, and what lies between two."""

    min_notice_minutes = _choice(_NOTICE, label="How soon can people book?")
    horizon_days = _number("horizon_days", label="How many days ahead?")
    step_minutes = _choice(_STEP, label="A session can begin every")
    buffer_before = _choice(_BUFFER, label="Free time before a session")
    buffer_after = _choice(_BUFFER, label="Free time after a session")
    max_per_day = _number(
        "max_per_day", label="Most sessions a day", required=False, help_text="Empty: no limit."
    )
    max_per_week = _number(
        "max_per_week", label="Most sessions a week", required=False, help_text="Empty: no limit."
    )

    confirmation = forms.ChoiceField(
        label="A booking is certain",
        choices=[("instant", "At once"), ("approval", "After my yes")],
        widget=forms.RadioSelect,
        help_text="You have 48 hours to answer, or until 2 hours before the time.",
    )
    pending_requests_hold_time = forms.BooleanField(
        label="Requests hold their time",
        required=False,
        help_text="While one waits for my answer, nobody else can have its time.",
    )

    def __init__(self, typed: QueryDict | None = None, *, kept: Mentor) -> None:
        super().__init__(typed, initial={name: getattr(kept, name) for name in self.base_fields})
        for name, field in self.fields.items():
            if isinstance(field, forms.TypedChoiceField):
                _offer(field, self.initial[name])
                self.initial[name] = NONE if self.initial[name] is None else self.initial[name]

    def rules(self) -> Profile:
        """What the verb takes."""
        return cast(Profile, self.cleaned_data)


def _offer(field: forms.ChoiceField, minutes: int | None) -> None:
    """Make sure that what is kept can be chosen: the API allows more than this form offers."""
    offered = cast("list[tuple[str, str]]", field.choices)
    if minutes is not None and str(minutes) not in dict(offered):
        field.choices = [*offered, (str(minutes), f"{minutes} minutes")]
