"""Requests to a mentor over the API (SPEC §6, §17)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests.api.client import Api, faults, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db
WANTED = "2026-03-07T20:00:00Z"  # A Saturday evening: no office hours.
LATER, LATEST = "2026-03-08T20:00:00Z", "2026-03-09T20:00:00Z"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def asked(person: Person, mentor: Mentor, **facts: Any) -> Any:
    body = {
        "mentorId": mentor.handle,
        "durationMinutes": 45,
        "scheduledAt": WANTED,
        "message": "May I?",
    }
    sent = {name: value for name, value in (body | facts).items() if value is not None}
    return Api(person).post("/sessions/", sent)


def test_a_request_is_a_pending_session(maya: Mentor, tom: Person) -> None:
    answer = asked(tom, maya)
    assert answer.status_code == 201, answer.content
    session = answer.json()
    said = {
        name: session[name]
        for name in ("origin", "sessionStatus", "scheduledAt", "durationMinutes", "message")
    }
    assert said == {
        "origin": "request",
        "sessionStatus": "pending",
        "scheduledAt": WANTED,
        "durationMinutes": 45,
        "message": "May I?",
    }
    assert session["mentee"] == {"id": tom.reference, "name": tom.name}
    assert (session["answerBy"], session["proposedTimes"]) == ("2026-03-04T06:30:00Z", [])
    assert (session["acceptedAt"], session["actions"]) == (None, ["cancel"])


def test_its_price_is_the_hourly_price_or_that_of_the_session_type(
    maya: Mentor, tom: Person, introduction: SessionType
) -> None:
    Mentor.objects.update(one_on_one_price_minor=10_001)
    by_the_hour = asked(tom, maya).json()
    assert (by_the_hour["amount"], by_the_hour["paymentStatus"]) == (7501, "pending")
    free = asked(
        tom, maya, sessionTypeId=introduction.reference, durationMinutes=None, scheduledAt=LATER
    ).json()
    assert (free["amount"], free["paymentStatus"], free["durationMinutes"]) == (0, "free", 30)


def test_the_address_without_a_slash_is_the_same(maya: Mentor, tom: Person) -> None:
    body = {"mentorId": maya.handle, "durationMinutes": 30, "scheduledAt": WANTED}
    assert Api(tom).post("/sessions", body).status_code == 201


def test_one_key_makes_one_request(maya: Mentor, tom: Person) -> None:
    body = {"mentorId": maya.handle, "durationMinutes": 30, "scheduledAt": WANTED}
    answers = [Api(tom).post("/sessions/", body, Idempotency_Key="one") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Session.objects.count() == 1


def test_the_mentor_accepts(maya: Mentor, tom: Person) -> None:
    path = f"/sessions/{asked(tom, maya).json()['id']}"
    assert Api(maya.person).get(path).json()["actions"] == [
        "accept",
        "reject",
        "propose",
        "cancel",
    ]
    session = Api(maya.person).put(f"{path}/accept").json()
    assert (session["sessionStatus"], session["acceptedAt"]) == (
        "scheduled",
        "2026-03-02T06:30:00Z",
    )
    assert (session["answerBy"], session["notes"]) == (None, "May I?")
    accepted = Api(tom).get("/sessions/my-bookings?status=accepted").json()["items"]
    assert [each["id"] for each in accepted] == [session["id"]]


def test_the_mentor_rejects_with_a_reason(maya: Mentor, tom: Person) -> None:
    path = f"/sessions/{asked(tom, maya).json()['id']}/reject"
    answer = Api(maya.person).put(path, {"reason": " "})
    assert (problem(answer), list(faults(answer))) == ((422, "invalid"), ["reason"])
    assert problem(Api(maya.person).put(path, {})) == (422, "invalid")
    session = Api(maya.person).put(path, {"reason": "Not my field."}).json()
    assert (session["sessionStatus"], session["cancelReason"]) == ("rejected", "Not my field.")


def test_the_mentor_proposes_and_the_mentee_picks(maya: Mentor, tom: Person) -> None:
    path = f"/sessions/{asked(tom, maya).json()['id']}"
    proposed = Api(maya.person).put(f"{path}/propose", {"times": [LATEST, LATER]}).json()
    assert (proposed["sessionStatus"], proposed["proposedTimes"]) == ("pending", [LATER, LATEST])
    seen = Api(tom).get(path).json()
    assert seen["actions"] == ["pick", "cancel"]
    wrong = Api(tom).put(f"{path}/pick", {"scheduledAt": WANTED})
    assert (problem(wrong), list(faults(wrong))) == ((422, "invalid"), ["scheduledAt"])
    picked = Api(tom).put(f"{path}/pick", {"scheduledAt": LATER}).json()
    assert (picked["sessionStatus"], picked["scheduledAt"]) == ("scheduled", LATER)
    assert (picked["proposedTimes"], picked["acceptedAt"]) == ([], "2026-03-02T06:30:00Z")


@pytest.mark.parametrize("times", [[], ["2026-03-08T20:00:00Z"] * 21, [LATER[:-4]], "soon"])
def test_what_is_proposed_must_be_times(maya: Mentor, tom: Person, times: Any) -> None:
    path = f"/sessions/{asked(tom, maya).json()['id']}/propose"
    assert problem(Api(maya.person).put(path, {"times": times})) == (422, "invalid")


def test_a_request_that_lost_its_time_has_alternatives(
    maya: Mentor, tom: Person, lena: Person
) -> None:
    lost = asked(lena, maya).json()["id"]
    Api(maya.person).put(f"/sessions/{asked(tom, maya).json()['id']}/accept")
    session = Api(lena).get(f"/sessions/{lost}").json()
    assert (session["sessionStatus"], session["cancelReason"]) == ("rejected", "taken meanwhile")
    assert [time["start"] for time in session["alternatives"]] == [
        "2026-03-09T03:30:00Z",
        "2026-03-09T04:15:00Z",
        "2026-03-09T05:00:00Z",
    ]


def test_a_booking_that_needs_a_yes_has_nothing_to_pay_yet(
    maya: Mentor, tom: Person, introduction: SessionType
) -> None:
    Mentor.objects.update(confirmation="approval")
    SessionType.objects.update(price_minor=50_000)
    body = {
        "mentorId": maya.handle,
        "sessionTypeId": introduction.reference,
        "scheduledAt": "2026-03-04T04:30:00Z",
        "notes": "Please",
    }
    booked = Api(tom).post("/sessions/book", body).json()
    assert (booked["requiresPayment"], booked["payment"]) == (False, None)
    session = booked["session"]
    assert (session["sessionStatus"], session["message"]) == ("pending", "Please")
    Api(maya.person).put(f"/sessions/{session['id']}/accept")
    paying = Api(tom).post("/session-payments/create", {"sessionId": session["id"]}).json()
    assert paying["amount"] == 50_000


def test_an_expired_request_cannot_be_answered(
    maya: Mentor, tom: Person, clock: time_machine.Traveller
) -> None:
    path = f"/sessions/{asked(tom, maya).json()['id']}/accept"
    mentor = Api(maya.person)
    for moment, expected in [(timedelta(hours=48), (409, "too_late"))]:
        clock.move_to(NOW + moment)
        assert problem(Api(maya.person).put(path)) == expected
    assert mentor.token
