"""When the mail server does not take a mail: later, or never, and everybody can see why."""

import socket
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from pytest_django.fixtures import Settings

from openmentor.delivery.models import Message
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.telling import send, tell

THURSDAY = NOW.replace(day=5, hour=4, minute=30)


class Moody:
    """Says to each mail what it is told to say."""

    def __init__(self) -> None:
        self.says = "250 Taken"
        self.taken: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Refuse the address, or take it."""
        if not self.says.startswith("250"):
            return self.says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        """Take the mail."""
        self.taken.append(envelope)
        return "250 Taken"


@pytest.fixture
def server(settings: Settings) -> Any:
    """A mail server, and Django told to use it."""
    moody = Moody()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(moody, hostname="127.0.0.1", port=port)
    controller.start()
    _use(settings, port)
    yield moody
    controller.stop()


def _use(settings: Settings, port: int) -> None:
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": smtp, "OPTIONS": options}}


@pytest.fixture
def wanted(maya: Mentor, tom: Person, now: datetime) -> None:
    make.booked(maya, tom, starts_at=THURSDAY, now=now)


def states() -> set[str]:
    return set(Message.objects.filter(starts_at=None).values_list("state", flat=True))


def test_a_server_that_is_busy_for_four_hours_gets_each_mail_once(
    wanted: None, server: Moody, now: datetime
) -> None:
    server.says = "451 Try later"
    for minutes in range(0, 240, 5):
        assert tell(now + timedelta(minutes=minutes)) == []
    assert states() == {"queued"}
    server.says = "250 Taken"
    sent = send(now + timedelta(minutes=270))
    assert (len(sent), len(server.taken)) == (2, 2)
    assert send(now + timedelta(minutes=300)) == []


def test_an_address_that_is_refused_is_not_tried_again(
    wanted: None, server: Moody, now: datetime
) -> None:
    server.says = "550 No such mailbox"
    tell(now)
    assert states() == {"failed"}
    server.says = "250 Taken"
    assert tell(now + timedelta(hours=2)) == []
    assert {message.trouble for message in Message.objects.filter(state="failed")} == {
        "550 No such mailbox"
    }


def test_nobody_at_the_address_of_the_server_is_trouble_of_today(
    wanted: None, settings: Settings, now: datetime
) -> None:
    _use(settings, 1)
    tell(now)
    assert states() == {"queued"}
    assert Message.objects.filter(tries=1).count() == 1
    for hours in range(1, 27):
        tell(now + timedelta(hours=hours))
        tell(now + timedelta(hours=hours, minutes=1))
    assert states() == {"failed"}
