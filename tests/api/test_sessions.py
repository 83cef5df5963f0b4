"""Sessions over the API: who may see them, what is shown, what may be done (SPEC §5, §17, §18)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmentor.base.models import Event
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Tuesday, ten o'clock where Maya is."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    """Tom's half hour with Maya."""
    return make.session(maya, tom, starts_at=START)


def path(session: Session, verb: str = "") -> str:
    return f"/sessions/{session.reference}{verb and '/'}{verb}"


def listed(person: Person, address: str) -> list[str]:
    answer = Api(person).get(f"/sessions/{address}")
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["items"]]


# What is shown


def test_both_sides_and_staff_see_the_same_session(
    session: Session, tom: Person, maya: Mentor, staff: Person
) -> None:
    by_tom, by_maya, by_staff = (
        Api(person).get(path(session)).json() for person in (tom, maya.person, staff)
    )
    assert by_tom["id"] == session.reference
    assert by_tom["mentee"] == {"id": tom.reference, "name": "Tom Becker"}
    assert by_tom == by_maya
    assert by_tom["actions"] == ["reschedule", "cancel"]
    assert by_staff == by_tom


def test_to_a_stranger_it_is_not_there(session: Session, zoe: Person, kiri: Mentor) -> None:
    for stranger in (zoe, kiri.person):
        assert problem(Api(stranger).get(path(session))) == (404, "not_found")


def test_nobody_has_to_sign_in(session: Session) -> None:
    assert problem(Api().get(path(session))) == (401, "not_signed_in")


@pytest.mark.parametrize(
    "reference",
    [
        "SESSION-00000000",
        "BOOKING-{0}",
        "{0}",
        "x",
        "%00",
        "%ff",
        "' OR 1=1",
        "💥",
        "S" * 3000,
        "-",
    ],
)
def test_an_id_that_is_none_is_not_there(session: Session, tom: Person, reference: str) -> None:
    wanted = reference.format(session.reference.removeprefix("SESSION-"))
    for verb in ("", "/cancel-quote"):
        assert problem(Api(tom).get(f"/sessions/{wanted}{verb}")) == (404, "not_found")


def test_ids_are_read_in_any_case_and_with_lookalikes(tom: Person, maya: Mentor) -> None:
    make.session(maya, tom, starts_at=START, reference="SESSION-0123ABCD")
    for typed in ("session-0123abcd", "Session-OI23ABCD", "SESSION-0L23abcd"):
        assert Api(tom).get(f"/sessions/{typed}").json()["id"] == "SESSION-0123ABCD"


def test_no_address_is_in_any_answer(
    session: Session, tom: Person, maya: Mentor, staff: Person
) -> None:
    for person in (tom, maya.person, staff):
        for address in (path(session), "/sessions/me", "/sessions/my-bookings"):
            assert b"@" not in Api(person).get(address).content


def test_the_wall_clock_is_the_mentors_as_it_was_booked(session: Session, tom: Person) -> None:
    Mentor.objects.update(timezone="America/New_York")
    shown = Api(tom).get(path(session)).json()
    assert (shown["scheduledDate"], shown["scheduledTime"]) == ("2026-03-03", "10:00")
    assert (shown["timezone"], shown["mentor"]["timezone"]) == ("Asia/Kolkata", "America/New_York")


@pytest.mark.parametrize("kind", ["request", "open-request", "slot"])
def test_words_are_written_with_hyphens(tom: Person, maya: Mentor, kind: str) -> None:
    session = make.session(
        maya, tom, starts_at=START, origin=kind.replace("-", "_"), status="no_show"
    )
    shown = Api(tom).get(path(session)).json()
    assert (shown["origin"], shown["sessionStatus"]) == (kind, "no-show")
    assert shown["sessionMode"] == "one-on-one"


def test_a_request_shows_who_asked_and_what_it_would_cost(tom: Person, maya: Mentor) -> None:
    session = make.session(
        maya,
        None,
        starts_at=START,
        status="rejected",
        origin="request",
        requested_by=tom,
        price_minor=150000,
    )
    shown = Api(maya.person).get(path(session)).json()
    assert shown["mentee"] == {"id": tom.reference, "name": "Tom Becker"}
    assert (shown["amount"], shown["amountDisplay"], shown["paymentStatus"]) == (
        150000,
        "₹1,500.00",
        "pending",
    )
    assert Api(tom).get(path(session)).json()["mentee"] == shown["mentee"]


def test_participants_of_a_group_do_not_learn_of_each_other(
    tom: Person, lena: Person, maya: Mentor
) -> None:
    session = make.session(maya, tom, starts_at=START, mode="group", capacity=3, status="open")
    make.booking(session, lena, place=2, notes="Hello")
    by_mentor = Api(maya.person).get(path(session)).json()
    assert [person["name"] for person in by_mentor["participants"]] == [
        "Tom Becker",
        "Lena Fischer",
    ]
    assert (by_mentor["mentee"], by_mentor["notes"], by_mentor["spotsLeft"]) == (None, "", 1)
    by_lena = Api(lena).get(path(session)).json()
    assert (by_lena["mentee"], by_lena["participants"], by_lena["notes"]) == (None, None, "Hello")


def test_one_who_booked_again_sees_the_newest_place(
    tom: Person, maya: Mentor, session: Session
) -> None:
    Booking.objects.update(status="cancelled", notes="first")
    make.booking(session, tom, notes="second")
    assert Api(tom).get(path(session)).json()["notes"] == "second"


# Cancelling


def test_a_mentee_cancels(session: Session, tom: Person, maya: Mentor) -> None:
    answer = Api(tom).patch(path(session, "cancel"), {"reason": " I am ill. "})
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert (shown["sessionStatus"], shown["cancelledBy"]) == ("cancelled", "mentee")
    assert (shown["cancelReason"], shown["actions"], shown["spotsLeft"]) == ("I am ill.", [], 1)
    assert shown == Api(tom).get(path(session)).json()
    assert Booking.objects.get().status == "cancelled"
    assert Api().get("/mentors/maya-rao/availability?from=2026-03-03").json()["slots"][2] == {
        "start": "2026-03-03T04:30:00Z",
        "end": "2026-03-03T05:00:00Z",
    }


@pytest.mark.parametrize("body", [None, {}, {"reason": None}, {"reason": ""}, {"other": 1}])
def test_a_reason_is_not_needed(session: Session, maya: Mentor, body: object) -> None:
    answer = Api(maya.person).patch(path(session, "cancel"), body)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["cancelledBy"], answer.json()["cancelReason"]) == ("mentor", None)


@pytest.mark.parametrize("reason", [1, ["x"], "x" * 1001, "\x00", "\ud800"])
def test_a_reason_that_is_none(session: Session, tom: Person, reason: object) -> None:
    answer = Api(tom).patch(path(session, "cancel"), {"reason": reason})
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == ["reason"]
    session.refresh_from_db()
    assert session.status == "scheduled"


def test_cancelling_twice_changes_nothing(session: Session, tom: Person) -> None:
    Api(tom).patch(path(session, "cancel"))
    events = Event.objects.count()
    assert problem(Api(tom).patch(path(session, "cancel"))) == (409, "not_possible")
    assert Event.objects.count() == events


def test_a_quote_tells_what_cancelling_gives_back(
    session: Session, tom: Person, maya: Mentor
) -> None:
    by_tom = Api(tom).get(path(session, "cancel-quote")).json()
    assert {name: by_tom[name] for name in ("amount", "currency", "amountDisplay", "policy")} == {
        "amount": 0,
        "currency": "INR",
        "amountDisplay": "₹0.00",
        "policy": "moderate",
    }
    assert by_tom["explanation"]
    assert Api(maya.person).get(path(session, "cancel-quote")).json()["policy"] == "mentor_cancels"
    session.refresh_from_db()
    assert session.status == "scheduled"


@pytest.mark.parametrize(
    ("status", "passed", "code"),
    [
        ("cancelled", 0, "not_possible"),
        ("completed", 60, "not_possible"),
        ("scheduled", 0, "too_late"),
    ],
)
def test_there_is_no_quote_for_what_cannot_be_cancelled(  # noqa: PLR0917 - fixtures
    tom: Person,
    maya: Mentor,
    clock: time_machine.Traveller,
    status: str,
    passed: int,
    code: str,
) -> None:
    session = make.session(maya, tom, starts_at=START, status=status)
    clock.move_to(START + timedelta(minutes=passed))
    for answer in (
        Api(tom).get(path(session, "cancel-quote")),
        Api(tom).patch(path(session, "cancel")),
    ):
        assert problem(answer) == (409, code)


# Moving


def test_either_side_moves_it_to_a_free_time(session: Session, tom: Person, maya: Mentor) -> None:
    for person, at, date, time in (
        (tom, "2026-03-04T05:00:00Z", "2026-03-04", "10:30"),
        (maya.person, "2026-03-05T09:00:00+05:30", "2026-03-05", "09:00"),
    ):
        answer = Api(person).patch(path(session, "reschedule"), {"scheduledAt": at})
        assert answer.status_code == 200, answer.content
        assert (answer.json()["scheduledDate"], answer.json()["scheduledTime"]) == (date, time)
    assert Booking.objects.get().starts_at == datetime(2026, 3, 5, 3, 30, tzinfo=UTC)


def test_a_taken_time_names_three_others(session: Session, tom: Person, lena: Person) -> None:
    make.session(session.mentor, lena, starts_at=START + timedelta(hours=1))
    answer = Api(tom).patch(path(session, "reschedule"), {"scheduledAt": "2026-03-03T05:30:00Z"})
    assert problem(answer) == (409, "time_taken")
    assert answer.json()["alternatives"] == [
        {"start": "2026-03-03T05:00:00Z", "end": "2026-03-03T05:30:00Z"},
        {"start": "2026-03-03T06:00:00Z", "end": "2026-03-03T06:30:00Z"},
        {"start": "2026-03-03T06:30:00Z", "end": "2026-03-03T07:00:00Z"},
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"scheduledAt": None},
        {"scheduledAt": "2026-03-04T05:00:00"},
        {"scheduledAt": "9999-12-31T23:59:59-14:00"},
        {"scheduledAt": "0001-01-01T00:00:00+14:00"},
        {"scheduledAt": 1772512200},
        {"scheduledAt": "soon"},
    ],
)
def test_where_to_must_be_an_instant(session: Session, tom: Person, body: object) -> None:
    answer = Api(tom).patch(path(session, "reschedule"), body)
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == ["scheduledAt"]


@pytest.mark.parametrize("at", ["1999-12-31T23:59:00Z", "2999-12-31T23:59:00Z"])
def test_times_far_away_are_refused(session: Session, tom: Person, at: str) -> None:
    answer = Api(tom).patch(path(session, "reschedule"), {"scheduledAt": at})
    assert problem(answer) == (422, "too_soon" if at < "2" else "too_far")


# How it went


def test_the_mentor_completes_it(
    session: Session, maya: Mentor, tom: Person, clock: time_machine.Traveller
) -> None:
    assert problem(Api(maya.person).put(path(session, "complete"))) == (409, "not_possible")
    clock.move_to(START + timedelta(minutes=30))
    assert problem(Api(tom).put(path(session, "complete"))) == (403, "not_allowed")
    answer = Api(maya.person).put(path(session, "complete"))
    assert (answer.status_code, answer.json()["sessionStatus"]) == (200, "completed")
    assert Booking.objects.get().status == "attended"


@pytest.mark.parametrize(("side", "absent"), [("mentor", "no_show"), ("mentee", "attended")])
def test_either_side_says_that_the_other_did_not_come(  # noqa: PLR0917 - fixtures
    session: Session,
    maya: Mentor,
    tom: Person,
    clock: time_machine.Traveller,
    side: str,
    absent: str,
) -> None:
    api = Api(maya.person if side == "mentor" else tom)
    assert problem(api.put(path(session, "no-show"))) == (409, "not_possible")
    clock.move_to(START + timedelta(minutes=10))
    answer = Api(maya.person if side == "mentor" else tom).put(path(session, "no-show"))
    assert (answer.status_code, answer.json()["sessionStatus"]) == (200, "no-show")
    assert Booking.objects.get().status == absent


@pytest.mark.parametrize(
    ("method", "verb"),
    [("PATCH", "cancel"), ("PATCH", "reschedule"), ("PUT", "complete"), ("PUT", "no-show")],
)
def test_strangers_change_nothing(session: Session, zoe: Person, method: str, verb: str) -> None:
    body = {"scheduledAt": "2026-03-04T05:00:00Z"}
    assert problem(Api(zoe).call(method, path(session, verb), body)) == (404, "not_found")
    assert problem(Api().call(method, path(session, verb), body)) == (401, "not_signed_in")
    session.refresh_from_db()
    assert (session.status, session.starts_at) == ("scheduled", START)


@pytest.mark.parametrize("verb", ["cancel", "reschedule"])
def test_bodies_that_are_no_json(session: Session, tom: Person, verb: str) -> None:
    for body, status in ((b"{", 400), (b"\xff", 400), (b"[]", 422), (b"7", 422)):
        answer = Api(tom).patch(path(session, verb), body)
        assert problem(answer) == (status, "invalid")


# Lists


def test_each_list_holds_its_side(maya: Mentor, kiri: Mentor, tom: Person, lena: Person) -> None:
    """Maya is a mentor who also learns from Kiri; the latest session comes first."""
    first = make.session(maya, tom, starts_at=START).reference
    second = make.session(maya, lena, starts_at=START + timedelta(days=1)).reference
    third = make.session(kiri, maya.person, starts_at=START + timedelta(days=2)).reference
    assert listed(maya.person, "mentor/sessions") == [second, first]
    assert listed(maya.person, "my-bookings") == [third]
    assert listed(maya.person, "me") == [third, second, first]
    assert listed(tom, "me") == listed(tom, "my-bookings") == [first]


def test_staff_see_only_their_own_in_their_own_lists(session: Session, staff: Person) -> None:
    assert listed(staff, "me") == listed(staff, "my-bookings") == []


def test_only_mentors_have_sessions_that_they_give(tom: Person) -> None:
    assert problem(Api(tom).get("/sessions/mentor/sessions")) == (403, "not_allowed")


@pytest.mark.parametrize("address", ["me", "my-bookings", "mentor/sessions"])
def test_nobody_has_no_list(address: str) -> None:
    assert problem(Api().get(f"/sessions/{address}")) == (401, "not_signed_in")


def test_filters(maya: Mentor, kiri: Mentor, tom: Person) -> None:
    def at(days: int) -> datetime:
        return START + timedelta(days=days)

    asked: dict[str, Any] = {"origin": "request", "requested_by": tom}
    made = {
        "slot": make.session(maya, tom, starts_at=at(0)),
        "accepted": make.session(maya, tom, starts_at=at(1), accepted_at=NOW, **asked),
        "rejected": make.session(maya, None, starts_at=at(2), status="rejected", **asked),
        "no-show": make.session(kiri, tom, starts_at=at(3), status="no_show"),
        "cancelled": make.session(maya, tom, starts_at=at(4), status="cancelled"),
        "group": make.session(maya, tom, starts_at=at(5), status="open", mode="group", capacity=5),
    }
    names = {session.reference: name for name, session in made.items()}

    def found(query: str) -> list[str]:
        return [names[reference] for reference in listed(tom, f"me?{query}")]

    assert found("") == list(reversed(made))
    assert found("status=scheduled") == ["accepted", "slot"]
    assert found("status=accepted") == ["accepted"]
    assert found("status=rejected") == ["rejected"]
    assert found("status=no-show") == ["no-show"]
    assert found("status=cancelled") == ["cancelled"]
    assert found("status=pending") == []
    assert found("mode=group") == ["group"]
    assert found("mode=one-on-one&status=open") == []
    assert found("mentorId=KIRI-tamahori") == ["no-show"]
    assert found("mentorId=nobody") == []
    assert found("from=2026-03-06") == ["group", "cancelled", "no-show"]
    assert found("to=2026-03-04") == ["accepted", "slot"]
    assert found("from=2026-03-04&to=2026-03-04") == ["accepted"]
    assert found("from=2026-03-04T04:30:00Z&to=2026-03-05T04:30:00Z") == ["accepted"]
    assert found("from=2026-03-04T10:00:00%2B05:30&to=2026-03-05") == ["rejected", "accepted"]
    assert found("from=9999-12-31") == found("to=0001-01-01") == []
    assert found("from=0001-01-01&to=9999-12-31") == list(reversed(made))


def test_dates_of_a_filter_are_the_readers(maya: Mentor, lena: Person) -> None:
    """Half past four in the morning in UTC is still the evening before in New York."""
    session = make.session(maya, lena, starts_at=START)
    assert listed(lena, "me?from=2026-03-02&to=2026-03-02") == [session.reference]
    assert listed(maya.person, "me?from=2026-03-02&to=2026-03-02") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=done", "status"),
        ("status=", "status"),
        ("mode=both", "mode"),
        ("from=yesterday", "from"),
        ("from=2026-02-30", "from"),
        ("to=2026-03-03T10:00:00", "to"),
        ("to=9999-12-31T23:59:59-14:00", "to"),
        ("to=1772512200", "to"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("cursor=x", "cursor"),
        ("mentorId=%00", "mentorId"),
    ],
)
def test_filters_that_are_none(tom: Person, query: str, field: str) -> None:
    answer = Api(tom).get(f"/sessions/me?{query}")
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == [field]


def test_a_list_goes_on_with_its_cursor(maya: Mentor, tom: Person) -> None:
    made = [
        make.session(maya, tom, starts_at=START + timedelta(days=day)).reference for day in range(5)
    ]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = Api(tom).get(f"/sessions/my-bookings?limit=2&cursor={cursor}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
    assert seen == made[::-1]


@pytest.mark.parametrize("many", [1, 3])
def test_what_a_list_asks_the_database(maya: Mentor, tom: Person, lena: Person, many: int) -> None:
    for day in range(many):
        make.session(maya, (tom, lena)[day % 2], starts_at=START + timedelta(days=day))
    for address in ("me", "my-bookings", "mentor/sessions"):
        api = Api(maya.person)
        with CaptureQueriesContext(connection) as asked:
            api.get(f"/sessions/{address}")
        assert len(asked) == (2 if address == "my-bookings" else 3)


def test_what_one_session_asks_the_database(session: Session, tom: Person) -> None:
    def cost(method: str, verb: str = "", body: Any = None) -> int:
        api = Api(tom)
        with CaptureQueriesContext(connection) as asked:
            assert api.call(method, path(session, verb), body).status_code == 200
        return len(asked)

    assert cost("GET") == 3
    assert cost("GET", "cancel-quote") == 3
