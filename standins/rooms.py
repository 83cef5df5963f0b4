"""Stand-ins for Zoom and Google Meet, as far as OpenMentor talks to them.

What they made is in `meetings`; `faults` holds what goes wrong with the next calls that make or
read: `before` (a 503, nothing was made), `after` (made, but the line drops) or `pending` (Google's
link is not there yet).
"""

import json
from abc import ABC, abstractmethod
from collections import deque
from typing import Any
from urllib.parse import parse_qs

from standins.server import Answer, Request, Server, json_answer

Meeting = dict[str, Any]


class Rooms(ABC):
    """What both have in common: a port, a token, faults."""

    token = "standin-token"

    def __init__(self) -> None:
        self.meetings: dict[str, Meeting] = {}
        self.faults: deque[str] = deque()
        self.server = Server(self.answer, host="127.0.0.1", port=0)
        self.url = self.server.url
        self.server.start()

    def answer(self, request: Request) -> Answer:
        """One request's answer."""
        if request.path.endswith("/token"):
            return self.signed_in(request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return json_answer({"message": "Invalid access token."}, status=401)
        fault = self.faults.popleft() if self.faults else ""
        if fault == "before":
            return json_answer({"message": "Try again."}, status=503)
        made = self.called(request, pending=fault == "pending")
        return Answer(dropped=True) if fault == "after" else made

    @abstractmethod
    def signed_in(self, request: Request) -> Answer:
        """The token, for whoever asks in the right form."""

    @abstractmethod
    def called(self, request: Request, *, pending: bool) -> Answer:
        """One call of the API."""


class Zoom(Rooms):
    """Zoom's server-to-server OAuth, and its meetings."""

    def signed_in(self, request: Request) -> Answer:
        """By account and basic authentication."""
        right = request.form().get("grant_type") == "account_credentials"
        right = right and request.headers.get("authorization", "").startswith("Basic ")
        return json_answer({"access_token": self.token, "expires_in": 3600}, 200 if right else 400)

    def called(self, request: Request, *, pending: bool) -> Answer:
        """Make, list and change meetings."""
        if request.method == "GET":
            return json_answer({"meetings": list(self.meetings.values()), "next_page_token": ""})
        if request.method == "PATCH":
            self.meetings[request.path.rpartition("/")[2]] |= json.loads(request.body)
            return Answer(status=204)
        number = str(90_000_000_000 + len(self.meetings))
        links = {"join_url": f"{self.url}/j/{number}?pwd=x", "start_url": "never keep this"}
        self.meetings[number] = {"id": int(number), **json.loads(request.body), **links}
        return json_answer(self.meetings[number], status=201)


class GoogleMeet(Rooms):
    """Google's tokens for service accounts, and a calendar's events with Meet links."""

    def signed_in(self, request: Request) -> Answer:
        """By a signed assertion, three parts with points between."""
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        right = form.get("assertion", "").count(".") == 2
        return json_answer({"access_token": self.token}, 200 if right else 400)

    def called(self, request: Request, *, pending: bool) -> Answer:
        """Insert, read and change events."""
        known = request.path.rpartition("/")[2]
        if request.method == "GET":
            event = self.meetings.get(known)
            return json_answer(event or {"error": {"code": 404}}, 200 if event else 404)
        if request.method == "PATCH":
            self.meetings[known] |= json.loads(request.body)
            return json_answer(self.meetings[known])
        event = json.loads(request.body)
        if event["id"] in self.meetings:
            return json_answer({"error": {"code": 409}}, status=409)
        link = {"hangoutLink": f"https://meet.example/{event['id'][:10]}"}
        self.meetings[event["id"]] = {**event, **link}
        return json_answer(event if pending else self.meetings[event["id"]])
