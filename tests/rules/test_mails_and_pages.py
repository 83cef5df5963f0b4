"""A mail says the same time as the page: ten pairs of zones, around clock changes."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine

from openmentor.booking import sessions
from openmentor.delivery.letters.letter import Note
from openmentor.people.models import Person
from tests import make
from tests.web.browser import signed_in

pytestmark = pytest.mark.django_db

CHANGES = {
    ("Europe/London", "Asia/Kolkata"): datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    ("Asia/Kolkata", "America/New_York"): datetime(2026, 3, 8, 7, 0, tzinfo=UTC),
    ("America/New_York", "Europe/Berlin"): datetime(2026, 11, 1, 6, 0, tzinfo=UTC),
    ("Pacific/Chatham", "Europe/London"): datetime(2026, 4, 4, 14, 0, tzinfo=UTC),
    ("Europe/London", "Pacific/Chatham"): datetime(2026, 9, 26, 14, 0, tzinfo=UTC),
    ("Australia/Lord_Howe", "UTC"): datetime(2026, 4, 4, 15, 0, tzinfo=UTC),
    ("America/Sao_Paulo", "Africa/Cairo"): datetime(2026, 4, 23, 22, 0, tzinfo=UTC),
    ("Asia/Kathmandu", "America/St_Johns"): datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
    ("Pacific/Kiritimati", "Pacific/Pago_Pago"): datetime(2026, 6, 1, 10, 0, tzinfo=UTC),
    ("Europe/Dublin", "Africa/Casablanca"): datetime(2026, 2, 15, 2, 0, tzinfo=UTC),
}
OFFSETS = (-90, -30, 0, 30, 90)


@pytest.mark.parametrize("zones", CHANGES, ids="-".join)
def test_a_mail_names_the_times_that_the_page_names(zones: tuple[str, str]) -> None:
    mentee = make.person("Tom Baker", timezone=zones[0])
    mentor = make.mentor("Maya Rao", timezone=zones[1])
    for minutes in OFFSETS:
        starts_at = CHANGES[zones] + timedelta(minutes=minutes)
        made = make.session(mentor, mentee, starts_at=starts_at, minutes=60)
        for reader in (mentee, mentor.person):
            session = sessions.find(made.reference, for_=reader)
            now = starts_at - timedelta(days=2)
            lines = Note(reader, now, None, session).when()
            seen = page(reader, made.reference, now=now)
            assert [line for line in lines if line not in seen] == []
        made.bookings.update(status="cancelled")
        type(made).objects.filter(pk=made.pk).update(status="cancelled")


def page(reader: Person, reference: str, *, now: datetime) -> str:
    """The words of the session's page, in one line."""
    with time_machine.travel(now, tick=False):
        html = signed_in(reader).get(f"/sessions/{reference}").content.decode()
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    return re.sub(r" (?=,)", "", words)
