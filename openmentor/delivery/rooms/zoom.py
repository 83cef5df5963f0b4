"""Zoom, by server-to-server OAuth: a token of an hour, then one call for each meeting.

Zoom knows no idempotency keys. So the session's id stands in the agenda, and after a try whose end
is unknown the meetings there are looked through before another is made. The host's own start link
is never kept: it is a key to the host's account.
"""

from dataclasses import dataclass
from typing import Any

from openmentor.delivery.rooms import line
from openmentor.delivery.rooms.interface import NoRoom, Room, Wish

_SCHEDULED = 2
_PAGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Zoom:
    """The operator's Zoom account."""

    account_id: str
    client_id: str
    client_secret: str
    user: str
    base_url: str
    auth_url: str
    timeout: float

    def make(self, wish: Wish, *, again: bool) -> Room:
        """A scheduled meeting with a waiting room, or the one that is there already."""
        headers = self._headers()
        known = self._known(wish.key, headers) if again else None
        made = known or line.ask(
            "POST",
            f"{self.base_url}/v2/users/{self.user}/meetings",
            headers=headers,
            json=_form(wish),
            timeout=self.timeout,
        )
        return Room(address=line.text(made, "join_url"), provider_id=line.text(made, "id"))

    def move(self, provider_id: str, wish: Wish) -> None:
        """Tell Zoom of another time."""
        line.ask(
            "PATCH",
            f"{self.base_url}/v2/meetings/{provider_id}",
            headers=self._headers(),
            json=_form(wish),
            timeout=self.timeout,
        )

    def _headers(self) -> dict[str, str]:
        token = line.ask(
            "POST",
            f"{self.auth_url}/oauth/token",
            auth=(self.client_id, self.client_secret),
            data={"grant_type": "account_credentials", "account_id": self.account_id},
            timeout=self.timeout,
        )
        return {"Authorization": f"Bearer {line.text(token, 'access_token')}"}

    def _known(self, key: str, headers: dict[str, str]) -> dict[str, Any] | None:
        """The meeting whose agenda has this key, if there is one."""
        page = ""
        for _ in range(_PAGES):
            answer = line.ask(
                "GET",
                f"{self.base_url}/v2/users/{self.user}/meetings",
                headers=headers,
                params={"type": "scheduled", "page_size": 300, "next_page_token": page},
                timeout=self.timeout,
            )
            for meeting in answer.get("meetings", []):
                if meeting.get("agenda") == key:
                    return dict(meeting)
            page = answer.get("next_page_token") or ""
            if not page:
                return None
        raise NoRoom("It has more meetings than we can look through.")


def _form(wish: Wish) -> dict[str, Any]:
    return {
        "topic": wish.title[:200],
        "type": _SCHEDULED,
        "start_time": f"{wish.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "duration": int((wish.ends_at - wish.starts_at).total_seconds() // 60),
        "agenda": wish.key,
        "settings": {"join_before_host": True, "waiting_room": False},
    }
