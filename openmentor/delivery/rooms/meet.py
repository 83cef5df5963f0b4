"""Google Meet, through a calendar that the operator's service account writes to.

An event with an id of our own makes a second try find the first one's event (409). The link may
come a moment after the event: until then there is no room, and the next try reads the event.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import jwt

from openmentor.delivery.rooms import line
from openmentor.delivery.rooms.interface import NoRoom, Room, Wish

SCOPE = "https://www.googleapis.com/auth/calendar.events"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Meet:
    """The operator's service account (its key file's text) and the calendar it writes to."""

    service_account: str
    calendar: str
    acts_for: str
    base_url: str
    token_url: str
    timeout: float

    def make(self, wish: Wish, *, again: bool) -> Room:
        """The event's Meet link; an event of an earlier try is read, not made again."""
        headers, event_id = self._headers(), _event_id(wish.key)
        event: line.Answer | None = None
        if again:
            event = self._read(event_id, headers)
        if event is None:
            event = self._ask("POST", "", headers, json=_form(wish, event_id))
        return Room(address=line.text(event, "hangoutLink"), provider_id=event_id)

    def move(self, provider_id: str, wish: Wish) -> None:
        """Tell Google of another time."""
        self._ask("PATCH", f"/{provider_id}", self._headers(), json=_times(wish))

    def _read(self, event_id: str, headers: dict[str, str]) -> line.Answer | None:
        try:
            return self._ask("GET", f"/{event_id}", headers)
        except NoRoom as trouble:
            if "404" in str(trouble):
                return None
            raise

    def _ask(self, method: str, path: str, headers: dict[str, str], **options: Any) -> line.Answer:
        events = f"{self.base_url}/calendar/v3/calendars/{quote(self.calendar, safe='')}/events"
        return line.ask(
            method,
            events + path,
            headers=headers,
            params={"conferenceDataVersion": 1, "sendUpdates": "none"},
            timeout=self.timeout,
            **options,
        )

    def _headers(self) -> dict[str, str]:
        account, now = json.loads(self.service_account), int(time.time())
        claims = {
            "iss": account["client_email"],
            "scope": SCOPE,
            "aud": self.token_url,
            "iat": now,
            "exp": now + _HOUR,
        }
        if self.acts_for:
            claims["sub"] = self.acts_for
        signed = jwt.encode(claims, account["private_key"], algorithm="RS256")
        token = line.ask(
            "POST",
            self.token_url,
            data={"grant_type": _GRANT, "assertion": signed},
            timeout=self.timeout,
        )
        return {"Authorization": f"Bearer {line.text(token, 'access_token')}"}


def _event_id(key: str) -> str:
    """An id as Google wants it: base 32 in lower case (a–v, 0–9)."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _times(wish: Wish) -> dict[str, Any]:
    return {
        "start": {"dateTime": f"{wish.starts_at:%Y-%m-%dT%H:%M:%SZ}"},
        "end": {"dateTime": f"{wish.ends_at:%Y-%m-%dT%H:%M:%SZ}"},
    }


def _form(wish: Wish, event_id: str) -> dict[str, Any]:
    meet = {"requestId": event_id, "conferenceSolutionKey": {"type": "hangoutsMeet"}}
    return {
        "id": event_id,
        "summary": wish.title,
        **_times(wish),
        "conferenceData": {"createRequest": meet},
    }
