"""What the database itself forbids about messages, each by its name."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from openmentor.base.errors import constraint_of
from openmentor.delivery import meetings, preferences
from openmentor.delivery.models import Message
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.telling import tell

AGAIN = "INSERT INTO {0} ({1}) SELECT {1} FROM {0} WHERE id = %(row)s"
BREACHES = {
    "message_tells_an_event_once": (
        "UPDATE delivery_message SET kind = (SELECT kind FROM delivery_message"
        " WHERE id = %(told)s), person_id = (SELECT person_id FROM delivery_message"
        " WHERE id = %(told)s) WHERE id = %(also_told)s"
    ),
    "message_reminds_of_a_start_once": (
        "UPDATE delivery_message SET kind = 'reminder_1h' WHERE id = %(reminder)s"
    ),
    "message_sent_has_its_time": (
        "UPDATE delivery_message SET state = 'sent' WHERE state = 'queued'"
    ),
    "message_reminds_before_the_start": (
        "UPDATE delivery_message SET state = 'sent', sent_at = starts_at WHERE id = %(reminder)s"
    ),
    "message_reminds_of_a_session": (
        "UPDATE delivery_message SET session_id = NULL WHERE id = %(reminder)s"
    ),
    "meeting_made_has_its_address": "UPDATE delivery_meeting SET state = 'made'",
    "meeting_choice_has_its_link": "UPDATE delivery_meetingchoice SET place = 'link'",
    "meeting_choice_has_its_phone": "UPDATE delivery_meetingchoice SET place = 'phone'",
    "muted_topic_is_muted_once": AGAIN.format("delivery_muted", "person_id, topic"),
    "notification_tells_an_event_once": (
        "INSERT INTO delivery_notification (reference, person_id, event_id, kind, text, path, at)"
        " SELECT 'NOTE-OTHER', person_id, event_id, kind, text, path, at FROM delivery_notification"
    ),
    "invite_is_one_per_person": (
        "INSERT INTO delivery_invite (session_id, person_id, sequence, revision, method)"
        " SELECT session_id, person_id, sequence, revision, method FROM delivery_invite"
    ),
}
LAWS_OF_THE_DATABASE = """
    SELECT conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE relname LIKE 'delivery_%%' AND contype IN ('c', 'u', 'x')
      AND pg_get_constraintdef(pg_constraint.oid) NOT LIKE '%%>= 0%%' AND conname !~ '_(key|uniq)$'
    UNION
    SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relname LIKE 'delivery_%%' AND indisunique AND indpred IS NOT NULL
"""


@pytest.fixture
def stage(maya: Mentor, tom: Person) -> dict[str, Any]:
    make.booked(maya, tom, starts_at=NOW.replace(hour=4, minute=30) + timedelta(days=3), now=NOW)
    told, also_told = tell(NOW)
    preferences.choose(tom, [])
    meetings.choose(maya.person, place="jitsi", now=NOW)
    return {
        "told": told.pk,
        "also_told": also_told.pk,
        "reminder": Message.objects.get(person=tom, kind="reminder_24h").pk,
        "row": tom.muted.all()[0].pk,
    }


@pytest.mark.parametrize("law", sorted(BREACHES))
def test_breaking_a_law_is_refused_under_its_name(law: str, stage: dict[str, Any]) -> None:
    with (
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(BREACHES[law], stage)
    assert constraint_of(refusal.value) == law


def test_the_catalogue_has_every_law_of_the_database(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LAWS_OF_THE_DATABASE)
        assert {name for (name,) in cursor.fetchall()} == set(BREACHES)


@pytest.mark.parametrize(
    "change", ["heard = false", "heard = true, why = 'another'", "heard = true, data = '[]'"]
)
def test_of_an_event_only_the_mark_that_it_was_heard_changes(
    change: str, stage: dict[str, Any]
) -> None:
    with (
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE base_event SET {change} WHERE id IN (SELECT max(id) FROM base_event)"
        )
    assert constraint_of(refusal.value) == "event_is_append_only"
