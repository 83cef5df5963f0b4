"""Pack offers: what a mentor sells several sessions at once for."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openmentor.base.errors import Invalid, NotFound
from openmentor.base.models import Event
from openmentor.mentors import pack_offers
from openmentor.mentors.models import Mentor, PackOffer, SessionType
from openmentor.people.models import Person
from tests import make


def offered(maya: Mentor, of: SessionType, now: datetime, **facts: Any) -> PackOffer:
    values: dict[str, Any] = {
        "title": "Four",
        "sessions": 4,
        "validity_days": 45,
        "price_minor": 100_000,
    }
    return pack_offers.create(
        maya.pk, by=maya.person, now=now, **({"session_type": of.reference} | values | facts)
    )


def test_a_pack_is_offered_in_the_mentors_currency(
    maya: Mentor, introduction: SessionType, now: datetime
) -> None:
    offer = offered(maya, introduction, now, title="  Four hours ")
    assert (offer.title, offer.sessions, offer.validity_days) == ("Four hours", 4, 45)
    assert (offer.price_minor, offer.currency) == (100_000, "INR")
    assert pack_offers.find(offer.reference.lower()) == offer
    assert Event.objects.get(subject="pack_offer").name == "pack_offer.created"


def test_a_saving_is_what_single_sessions_would_cost_more(maya: Mentor, now: datetime) -> None:
    hour = make.session_type(maya, price=30_000)
    assert offered(maya, hour, now).saving_minor == 20_000
    assert offered(maya, hour, now, price_minor=130_000).saving_minor == 0
    assert offered(maya, hour, now, currency="EUR").saving_minor == 0


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"sessions": 0}, "sessions"),
        ({"sessions": 101}, "sessions"),
        ({"validity_days": 0}, "validity_days"),
        ({"validity_days": 731}, "validity_days"),
        ({"price_minor": -1}, "price_minor"),
        ({"currency": "XQX"}, "currency"),
        ({"session_type": "TYPE-00000000"}, "session_type"),
    ],
)
def test_a_pack_that_cannot_be_is_refused(
    maya: Mentor, introduction: SessionType, now: datetime, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        offered(maya, introduction, now, **facts)
    assert [line["field"] for line in refused.value.data["errors"]] == [field]
    assert not PackOffer.objects.exists()


def test_a_pack_of_somebody_elses_session_type_is_refused(
    maya: Mentor, kiri: Mentor, now: datetime
) -> None:
    theirs = SessionType.objects.get(mentor=kiri)
    with pytest.raises(Invalid):
        offered(maya, theirs, now)


def test_a_pack_is_changed_by_its_mentor_only(
    maya: Mentor, introduction: SessionType, zoe: Person, now: datetime
) -> None:
    offer = offered(maya, introduction, now)
    changed = pack_offers.update(offer.pk, by=maya.person, now=now, is_active=False, sessions=6)
    assert (changed.is_active, changed.sessions, changed.title) == (False, 6, "Four")
    assert pack_offers.on_sale(maya) == []
    with pytest.raises(NotFound):
        pack_offers.update(offer.pk, by=zoe, now=now, sessions=1)


def test_the_database_refuses_numbers_out_of_range(
    maya: Mentor, introduction: SessionType, now: datetime
) -> None:
    offer = offered(maya, introduction, now)
    with (
        pytest.raises(IntegrityError, match="pack_offer_numbers_are_in_range"),
        transaction.atomic(),
    ):
        PackOffer.objects.filter(pk=offer.pk).update(sessions=0)
