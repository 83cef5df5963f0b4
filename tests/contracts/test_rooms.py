"""The contract of a room: made once however often it is asked for, and moved with its session."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from openmentor.delivery.rooms import meet, zoom
from openmentor.delivery.rooms.interface import NoRoom, Provider, Wish
from standins.rooms import GoogleMeet, Rooms, Zoom

STARTS = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
WISH = Wish(
    key="SESSION-7K3M9QX2",
    title="Introduction with Maya Rao",
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=30),
)
Party = tuple[Provider, Rooms]


def _key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return made.private_bytes(*pem, serialization.NoEncryption()).decode()


@pytest.fixture(params=["zoom", "meet"])
def party(request: pytest.FixtureRequest) -> Iterator[Party]:
    """Each adapter with its stand-in."""
    standin: Rooms = Zoom() if request.param == "zoom" else GoogleMeet()
    provider: Provider
    if request.param == "zoom":
        provider = zoom.Zoom(
            account_id="a",
            client_id="b",
            client_secret="c",
            user="me",
            base_url=standin.url,
            auth_url=standin.url,
            timeout=5,
        )
    else:
        account = {"client_email": "rooms@example.com", "private_key": _key()}
        provider = meet.Meet(
            service_account=json.dumps(account),
            calendar="primary",
            acts_for="",
            base_url=standin.url,
            token_url=f"{standin.url}/token",
            timeout=5,
        )
    yield provider, standin
    standin.server.stop()


def test_a_room_has_an_address(party: Party) -> None:
    provider, standin = party
    room = provider.make(WISH, again=False)
    assert room.address.startswith(("http://127.0.0.1", "https://meet.example/"))
    assert list(standin.meetings) == [room.provider_id]


def test_after_a_lost_answer_there_is_one_room(party: Party) -> None:
    provider, standin = party
    standin.faults.append("after")
    with pytest.raises(NoRoom):
        provider.make(WISH, again=False)
    room = provider.make(WISH, again=True)
    assert list(standin.meetings) == [room.provider_id]


def test_trouble_is_no_room_and_the_next_try_makes_it(party: Party) -> None:
    provider, standin = party
    standin.faults.append("before")
    with pytest.raises(NoRoom):
        provider.make(WISH, again=False)
    assert standin.meetings == {}
    provider.make(WISH, again=True)
    assert len(standin.meetings) == 1


def test_a_room_moves_with_its_session(party: Party) -> None:
    provider, standin = party
    room = provider.make(WISH, again=False)
    later = STARTS + timedelta(days=1)
    wish = Wish(key=WISH.key, title="x", starts_at=later, ends_at=later + timedelta(minutes=30))
    provider.move(room.provider_id, wish)
    assert "2026-03-06T04:30:00Z" in json.dumps(standin.meetings[room.provider_id])


def test_the_hosts_own_link_is_not_kept(party: Party) -> None:
    provider, _ = party
    assert "never keep" not in str(provider.make(WISH, again=False))


def test_a_link_that_follows_is_found_by_the_next_try() -> None:
    standin = GoogleMeet()
    account = {"client_email": "rooms@example.com", "private_key": _key()}
    provider = meet.Meet(
        service_account=json.dumps(account),
        calendar="primary",
        acts_for="",
        base_url=standin.url,
        token_url=f"{standin.url}/token",
        timeout=5,
    )
    standin.faults.append("pending")
    with pytest.raises(NoRoom):
        provider.make(WISH, again=False)
    assert provider.make(WISH, again=True).address.startswith("https://meet.example/")
    standin.server.stop()
