"""The cast before the doors: everybody's program and browser, and something of everything."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from openmentor.api.root import api
from openmentor.base.models import Event
from openmentor.booking.models import Booking
from openmentor.delivery import preferences
from openmentor.delivery.kinds import Topic
from openmentor.delivery.models import Notification
from openmentor.mentors.models import Mentor
from openmentor.payments.models import Order
from openmentor.people import tokens
from openmentor.people.models import Person
from tests import make
from tests import packs as shop
from tests.api.client import Api
from tests.api.matrix import ABOUT_WHAT_WAS_ASKED, BODIES, FORMS
from tests.cast import NOW

_FAMILIES = ("mentor/packs",)
"""Pages whose reference the first word of their address does not tell."""
_PLACE = re.compile(r"<\w+:(\w+)>")


def operations() -> Iterator[str]:
    """Every operation of the API, such as `GET /api/me`."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        yield from (f"{method.upper()} {path}" for method in methods)


class Stage:
    """The cast, with something of everything that an address can name."""

    def __init__(self, people: dict[str, Person | None], maya: Mentor, tom: Person) -> None:
        self.programs = {role: Api(person) for role, person in people.items()}
        self.browsers = {role: browser(person) for role, person in people.items()}
        session = make.session(maya, tom, starts_at=NOW + timedelta(hours=46))
        token, _ = tokens.create(tom, name="Script", scopes=["read"], now=NOW)
        session_type = maya.session_types.get().reference
        held = make.held(maya, tom, starts_at=NOW + timedelta(hours=96), now=NOW)
        paid = make.paid(maya, tom, starts_at=NOW + timedelta(hours=97), now=NOW)
        group = make.group(maya, starts_at=NOW + timedelta(hours=120), visibility="private")
        make.booking(group, tom)
        offer = shop.offer(maya, now=NOW)
        pack = shop.bought(tom, offer, now=NOW)
        self.names = {
            "session_id": session.reference,
            "group_id": group.reference,
            "asked_id": self.created("POST /api/sessions/", mentorId=maya.handle),
            "request_id": self.created("POST /api/mini-mentorship/requests"),
            "session_type_id": session_type,
            "offer_id": offer.reference,
            "pack_id": pack.reference,
            "token_id": token.reference,
            "mentor_id": maya.handle,
            "handle": maya.handle,
            "sid": str(tom.sign_ins.get().sid),
            "provider": "mock",
            "name": "no-such-photo",
            "token": preferences.way_out(tom, Topic.REMINDERS).rpartition("/")[2],
        }
        self.references = {
            "sessions": session.reference,
            "requests": self.names["request_id"],
            "board": self.names["request_id"],
            "group-sessions": group.reference,
            "mentor": session_type,
            "account": token.reference,
            "payments": order_of(held),
            "my-payments": order_of(paid),
            "staff": "REFUND-00000000",
            "notifications": notified(tom),
            "packs": pack.reference,
            "pack-offers": offer.reference,
            "pack-payments": Order.objects.get(purpose="pack").reference,
            "mentor/packs": offer.reference,
            "mailbox": "MAIL-00000000",
        }

    def created(self, operation: str, **facts: str) -> str:
        """The id of what Tom creates by this operation."""
        answer = self.programs["tom"].post(
            operation.removeprefix("POST /api"), BODIES[operation] | facts
        )
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def called(self, role: str, operation: str) -> HttpResponse:
        """What this role gets from an operation of the API."""
        method, _, path = operation.partition(" ")
        body = self.filled(BODIES.get(operation))
        address = path.format(**self.ids(operation)).removeprefix("/api")
        answer: HttpResponse = self.programs[role].call(method, address, body)
        return answer

    def ids(self, operation: str) -> dict[str, str]:
        """What this operation is about, by the names in its path."""
        if operation in ABOUT_WHAT_WAS_ASKED:
            return self.names | {"session_id": self.names["asked_id"]}
        return self.names

    def visited(self, role: str, method: str, route: str) -> HttpResponse:
        """What this role gets at a page, or for the form sent there."""
        family = next((name for name in _FAMILIES if route.startswith(name)), "")
        reference = self.references.get(family or route.partition("/")[0], "")
        if route in ABOUT_WHAT_WAS_ASKED:
            reference = self.names["asked_id"]
        names = {**self.names, "reference": reference}
        path = "/" + _PLACE.sub(lambda place: names[place[1]], route)
        form = urlencode(self.filled(FORMS.get(route, {})))
        answer: Any = self.browsers[role].generic(
            method, path, form, "application/x-www-form-urlencoded"
        )
        return cast(HttpResponse, answer)

    def filled(self, sent: Any) -> Any:
        """What is sent, with the ids of this stage."""
        if isinstance(sent, dict):
            return {name: self.filled(value) for name, value in sent.items()}
        if isinstance(sent, list):
            return [self.filled(value) for value in sent]
        return sent.format(**self.names) if isinstance(sent, str) else sent


def order_of(booking: Booking) -> str:
    """The order that this place is, or was, to be paid by."""
    return Order.objects.get(purpose="booking", purpose_id=booking.pk).reference


def notified(person: Person) -> str:
    """A notification of this person's."""
    event = Event.objects.latest("pk")
    facts = {"kind": "booked", "text": "Booked.", "path": "/my-sessions", "at": NOW}
    return Notification.objects.create(person=person, event=event, **facts).reference


def browser(person: Person | None) -> Client:
    """A browser in which this person, if any, has signed in."""
    client = Client()
    if person:
        client.force_login(person)
    return client


class Undone(Exception):  # noqa: N818 - takes back what a call has changed
    """Ends a transaction without a trace."""
