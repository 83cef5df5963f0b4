"""New rows, written in one prepared statement, are the rows that `save` would write."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openmentor.base import rows
from openmentor.base.errors import constraint_of
from openmentor.base.models import Event
from openmentor.booking.models import Session
from openmentor.booking.occupancy import occupied
from openmentor.mentors.models import Mentor

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)


def a_session(maya: Mentor, *, after: timedelta = timedelta()) -> Session:
    starts_at, ends_at = START + after, START + after + timedelta(minutes=30)
    return Session(
        origin="slot",
        status="scheduled",
        mentor=maya,
        title="Introduction",
        starts_at=starts_at,
        ends_at=ends_at,
        occupies=occupied(starts_at, ends_at, before=0, after=0),
        timezone="Asia/Kolkata",
        currency="INR",
        created_at=START,
    )


def test_an_inserted_row_is_the_row_that_save_would_write(maya: Mentor) -> None:
    inserted = rows.insert(a_session(maya))
    saved = a_session(maya, after=timedelta(days=1))
    saved.save()
    first, second = (dict(row) for row in Session.objects.order_by("pk").values())
    assert (first["id"], second["id"]) == (inserted.pk, saved.pk)
    differing = {name for name, value in first.items() if second[name] != value}
    assert differing == {"id", "reference", "starts_at", "ends_at", "occupies"}


def test_it_knows_its_key_and_what_the_database_works_out(maya: Mentor) -> None:
    session = rows.insert(a_session(maya))
    assert session == Session.objects.get()
    with CaptureQueriesContext(connection) as asked:
        assert session.takes_time is True
    assert len(asked) == 0


def test_it_can_be_changed_and_saved(maya: Mentor) -> None:
    session = rows.insert(a_session(maya))
    session.title = "Another"
    session.save()
    assert Session.objects.get().title == "Another"


def test_it_takes_one_query_and_any_data() -> None:
    told = {"text": "It's “5 %s”", "list": [1, None, True], "none": None}
    with CaptureQueriesContext(connection) as asked:
        event = rows.insert(
            Event(at=START, name="a", subject="b", subject_id=1, why="%(why)s", data=told)
        )
    assert len(asked) == 1
    event.refresh_from_db()
    assert (event.data, event.why) == (told, "%(why)s")


def test_the_databases_laws_hold(maya: Mentor) -> None:
    rows.insert(a_session(maya))
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        rows.insert(a_session(maya))
    assert constraint_of(caught.value) == "session_mentor_is_in_one_place"
