"""The form of dates that differ: which ones, and whether they are blocked or have other hours."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict

from openmentor.availability.entries import Date, Hours
from openmentor.base.errors import Refusal
from openmentor.web.mentor_house import mistakes
from openmentor.web.mentor_house.week import Rows

KEY: Final = "date"
_PLACE = re.compile(r"\.slots\[(\d+)\]")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Dates in a row that differ in the same way, such as a holiday."""

    first: date
    last: date
    slots: list[Hours]


def stretches(dates: Iterable[Date], *, since: date) -> list[Stretch]:
    """The dates from `since` on, sorted as they come, those in a row together."""
    found: list[Stretch] = []
    for each in dates:
        slots = list(each.slots)
        if each.on < since:
            continue
        if found and found[-1].last + _DAY == each.on and found[-1].slots == slots:
            found[-1] = Stretch(found[-1].first, each.on, slots)
        else:
            found.append(Stretch(each.on, each.on, slots))
    return found


class StretchForm(forms.Form):
    """Which dates in a row."""

    first = forms.DateField()
    last = forms.DateField()


class DateForm(forms.Form):
    """A date or several in a row, and what they have instead of their weekday's hours."""

    first = forms.DateField(label="Date", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(
        label="Until",
        required=False,
        help_text="For a holiday: its last day.",
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    kind = forms.ChoiceField(
        label="What is different",
        choices=[("blocked", "Not available"), ("hours", "Other hours")],
        widget=forms.RadioSelect,
        initial="blocked",
    )

    def __init__(self, typed: QueryDict | None = None, *, kept: Stretch | None = None) -> None:
        super().__init__(typed, initial=_initial(kept))
        if typed is not None:
            self.hours = Rows.typed(KEY, "Other hours", typed)
            return
        self.hours = Rows.kept(KEY, "Other hours", kept.slots if kept else ())
        if not self.hours.rows:
            self.hours.add()

    def clean(self) -> dict[str, Any]:
        """Other hours need at least one range."""
        if self.cleaned_data.get("kind") == "hours" and not self.hours.slots():
            self.add_error("kind", "Write the other hours, or choose “Not available”.")
        return self.cleaned_data

    def chosen(self) -> dict[str, Any]:
        """What the verb takes: the dates and their ranges."""
        first: date = self.cleaned_data["first"]
        other = self.cleaned_data["kind"] == "hours"
        return {
            "first": first,
            "last": self.cleaned_data["last"] or first,
            "slots": self.hours.slots() if other else [],
        }

    def blame(self, refusal: Refusal) -> None:
        """Tie what was refused to the fields; the new dates are the last ones of the schedule."""
        for line in refusal.data.get("errors", []):
            if place := _PLACE.search(line["field"]):
                self.hours.blame(int(place[1]), line["message"])
                line["field"] = "kind"
        mistakes.onto(self, refusal)


def _initial(kept: Stretch | None) -> dict[str, Any]:
    if kept is None:
        return {}
    last = kept.last if kept.last > kept.first else None
    return {"first": kept.first, "last": last, "kind": "hours" if kept.slots else "blocked"}
