"""The form of an open request: the need in words, and the times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from openmentor.base.errors import Refusal
from openmentor.booking import needs
from openmentor.booking.models import OpenRequest
from openmentor.booking.needs import Need
from openmentor.web.requests.windows import Windows

_TEXTS: Final = ("kind", "title", "description", "format", "urgency", "language")


@dataclass
class Draft:
    """What was typed, or what is kept; `faults` is what is wrong, by field."""

    texts: dict[str, str]
    duration: str
    tags: str
    windows: Windows
    faults: dict[str, str]

    @classmethod
    def blank(cls, zone: ZoneInfo, *, now: datetime) -> Self:
        """The usual, and nothing said."""
        texts = dict.fromkeys(_TEXTS, "") | {"format": "video", "urgency": "normal"}
        return cls(texts, "30", "", Windows.blank(zone, now=now), {})

    @classmethod
    def of(cls, request: OpenRequest, zone: ZoneInfo, *, now: datetime) -> Self:
        """What an open request says; the times that are over are left out."""
        texts = {name: getattr(request, name) for name in _TEXTS}
        windows = Windows.of(needs.windows_of(request), zone, now=now)
        return cls(texts, str(request.duration_minutes), ", ".join(request.tags), windows, {})

    @classmethod
    def typed(
        cls,
        request: HttpRequest,
        zone: ZoneInfo,
        *,
        now: datetime,
        refusal: Refusal | None = None,
    ) -> Self:
        """What was sent, with what `refusal` says about it."""
        sent = request.POST
        windows = Windows.typed(sent, otherwise=zone, now=now)
        names = {"duration_minutes": "duration"}
        errors = refusal.data.get("errors", []) if refusal else []
        faults = {names.get(line["field"], line["field"]): line["message"] for line in errors}
        faults["windows"] = windows.blame(refusal)
        return cls(
            texts={name: sent.get(name, "") for name in _TEXTS},
            duration=sent.get("duration", ""),
            tags=sent.get("tags", ""),
            windows=windows,
            faults=faults,
        )

    def need(self) -> Need:
        """What the verbs take; refuses times that cannot be read."""
        return Need(
            kind=self.texts["kind"],
            title=self.texts["title"],
            description=self.texts["description"],
            format=self.texts["format"],
            urgency=self.texts["urgency"],
            language=self.texts["language"],
            duration_minutes=int(self.duration) if self.duration.isdecimal() else 0,
            tags=self.tags.split(","),
            windows=self.windows.windows(),
        )
