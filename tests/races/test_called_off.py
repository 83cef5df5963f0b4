"""A session that many paid for is cancelled: all are refunded once, whatever dies meanwhile."""

import os
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection

from openmentor.booking import minimums, repayments, sessions
from openmentor.booking.models import Group, Session
from openmentor.mentors.models import Mentor
from openmentor.payments import refunds
from openmentor.payments.models import LedgerEntry, Refund
from tests import make
from tests.races.arena import CLIENTS, Track
from tests.races.conftest import slot
from tests.races.test_places import join_and_pay

pytestmark = pytest.mark.django_db(transaction=True)
PAID = 200 if os.environ.get("OPENMENTOR_ALL") else 40
PRICE = 50_000


@pytest.fixture
def session(mentor: Mentor, now: datetime) -> Session:
    """Everybody has paid."""
    made = make.group(mentor, starts_at=slot(200), capacity=PAID, price=PRICE)
    for _ in range(PAID):
        join_and_pay(made, make.person(), now)
    return made


def test_a_process_that_dies_while_cancelling_leaves_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch, session: Session, now: datetime
) -> None:
    real, promised = refunds.promise, 0

    def dying(*given: Any, **facts: Any) -> Refund:
        nonlocal promised
        promised += 1
        if promised == PAID // 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return real(*given, **facts)

    monkeypatch.setattr(refunds, "promise", dying)
    host = session.mentor.person
    with pytest.raises(DatabaseError):
        sessions.cancel(session.reference, by=host, now=now)
    connection.close()
    session.refresh_from_db()
    assert (session.status, Refund.objects.count()) == ("full", 0)
    monkeypatch.setattr(refunds, "promise", real)
    sessions.cancel(session.reference, by=host, now=now)
    assert Refund.objects.count() == PAID


def test_refunds_are_carried_out_once_by_many_workers_and_the_host_sees_how_far(
    track: Track, session: Session, now: datetime
) -> None:
    sessions.cancel(session.reference, by=session.mentor.person, now=now)
    refunds.carry_out_due(now=now, most=PAID // 4)
    half = repayments.of(session)
    assert (half.done, half.all, half.amount_minor) == (PAID // 4, PAID, PAID * PRICE)
    keys = list(Refund.objects.values_list("pk", flat=True))
    track.race([partial(carry_out_all, keys, now)] * CLIENTS)
    assert repayments.of(session).done == PAID
    assert set(Refund.objects.values_list("status", "tries")) == {("succeeded", 1)}
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 0


def carry_out_all(keys: list[int], now: datetime) -> None:
    for key in keys:
        refunds.carry_out(key, now=now)


def test_several_workers_cancel_a_session_that_too_few_want_once(
    track: Track, session: Session, now: datetime
) -> None:
    Group.objects.update(min_participants=PAID + 1, minimum_due_at=now)
    outcomes = track.race([partial(minimums.judge_due, now=now)] * CLIENTS)
    assert sorted(outcomes) == [0] * (CLIENTS - 1) + [1]
    assert Refund.objects.count() == PAID
