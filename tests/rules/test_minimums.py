"""A session that too few want does not take place: decided once, a day before, all refunded."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base.models import Event
from openmentor.booking import joining, minimums, planning, settlement
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.payments.models import Refund
from openmentor.people.models import Person
from tests import make
from tests.rules.test_join import captured, order_of
from tests.rules.test_leave import paid

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
DUE = START - timedelta(hours=24)
PRICE = 50_000


@pytest.fixture
def session(maya: Mentor, now: datetime) -> Session:
    [made] = planning.create(
        maya.person,
        title="Reading code",
        starts_at=START,
        duration_minutes=60,
        capacity=5,
        price_minor=PRICE,
        min_participants=2,
        now=now,
    )
    return made


def test_not_reached_is_cancelled_once_and_paid_back_once(
    session: Session, tom: Person, now: datetime
) -> None:
    paid(session, tom, now)
    assert minimums.judge_due(now=DUE - timedelta(seconds=1)) == 0
    assert [minimums.judge_due(now=DUE) for _ in range(3)] == [1, 0, 0]
    session.refresh_from_db()
    assert (session.status, session.cancelled_by, session.cancel_reason) == (
        "cancelled",
        "system",
        "There were not enough participants.",
    )
    assert [refund.amount_minor for refund in Refund.objects.all()] == [PRICE]
    assert Event.objects.filter(name="session.cancelled").count() == 1


def test_reached_takes_place_even_if_somebody_leaves_afterwards(
    session: Session, tom: Person, lena: Person, now: datetime
) -> None:
    paid(session, tom, now)
    paid(session, lena, now)
    assert minimums.judge_due(now=DUE) == 0
    joining.leave(session.reference, by=tom, now=DUE + timedelta(hours=1))
    assert minimums.judge_due(now=DUE + timedelta(hours=2)) == 0
    session.refresh_from_db()
    assert session.status == "open"


@pytest.mark.parametrize("pays", [True, False])
def test_a_place_that_may_still_be_paid_is_waited_for(
    *, session: Session, tom: Person, lena: Person, now: datetime, pays: bool
) -> None:
    paid(session, tom, now)
    held = joining.join(session.reference, by=lena, now=DUE - timedelta(minutes=5))
    assert minimums.judge_due(now=DUE) == 0
    if pays:
        settlement.settle(order_of(held).pk, captured(order_of(held)), now=DUE)
    later = DUE + timedelta(minutes=10)
    settlement.expire_due(now=later)
    assert minimums.judge_due(now=later) == (0 if pays else 1)


def test_without_a_minimum_nobody_is_needed(maya: Mentor) -> None:
    make.group(maya, starts_at=START)
    assert minimums.judge_due(now=START) == 0
