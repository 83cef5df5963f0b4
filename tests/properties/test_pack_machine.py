"""Two mentors, three mentees, packs, and a clock that only moves on.

Whatever is bought, extended, booked, cancelled, missed, completed, expired, renewed and refunded,
in whatever order: every balance is the sum of its ledger and what plain counting foretells, seats
stay within their limit, and nothing of one mentor ever changes by an act on the other.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, Sum
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from openmentor.base.errors import Refusal
from openmentor.booking import audit, bookings, seat_line, sessions, settlement
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor, PackOffer
from openmentor.mentorships import pack_refunds, purchases, renewals
from openmentor.mentorships.models import (
    Mentorship,
    Pack,
    PackEntry,
    Purchase,
    RenewalReminder,
    Seat,
)
from openmentor.payments.models import LedgerEntry
from openmentor.people.models import Person
from tests import make
from tests import packs as shop

BEGINNING = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMIT = 2
which = st.integers(0, 1)
who = st.integers(0, 2)
nth = st.integers(0, 20)
REFUSALS_OF_BOOKING = {
    "no_pack_session",
    "pack_expired",
    "seat_not_active",
    "time_taken",
    "too_soon",
    "you_are_busy",
}


class Packs(RuleBasedStateMachine):
    """Does what people do with packs, and looks at everything after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = BEGINNING
        self.touched: int | None = None
        self.before: dict[int, Any] = {}

    def teardown(self) -> None:
        books = audit.check(now=self.now)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        assert books == []

    @initialize()
    def arrive(self) -> None:
        """Each mentor has two seats for three mentees, and packs of two and of five sessions."""
        open_always: dict[str, Any] = {"hours": make.ALWAYS, "min_notice_minutes": 0}
        self.mentors = [
            make.mentor(max_active_mentees=LIMIT, grace_period_days=days, **open_always)
            for days in (0, 3)
        ]
        self.mentees: list[Person] = [make.person() for _ in range(3)]
        self.offers: list[list[PackOffer]] = [
            [
                shop.offer(mentor, sessions=2, validity_days=6, now=BEGINNING),
                shop.offer(mentor, sessions=5, validity_days=9, price_minor=99_999, now=BEGINNING),
            ]
            for mentor in self.mentors
        ]
        for mentee in self.mentees[:2]:
            for sold in self.offers:
                shop.bought(mentee, sold[0], now=BEGINNING)
        self.before = {mentor.pk: self._state(mentor) for mentor in self.mentors}

    @rule(mentor=which, mentee=who, size=which, is_paid=st.booleans())
    def buy(self, mentor: int, mentee: int, size: int, is_paid: bool) -> None:
        """A new pack, an extension or a renewal; a hold that is not paid is let go later."""
        self.touched = mentor
        before = Purchase.objects.count()
        offer = self.offers[mentor][size]
        bought = _answer(seat_line.buy, self.mentees[mentee], offer=offer.reference, now=self.now)
        if isinstance(bought, str):
            assert bought == "seats_full"
            assert Purchase.objects.count() == before
            return
        order = purchases.order_of(bought)
        if is_paid and order is not None:
            shop.pay(order, now=self.now)
            assert Pack.objects.get(purchases=bought).status == "active"

    @rule(pick=nth, ahead=st.integers(1, 130))
    def book_later(self, pick: int, ahead: int) -> None:
        self.book(pick, ahead)

    def book(self, pick: int, ahead: int) -> None:
        """One of those who ever bought books; sometimes there is nothing left, or no seat."""
        pairs = list(Mentorship.objects.begun().order_by("pk"))
        if not pairs:
            return
        pair = pairs[pick % len(pairs)]
        self.touched = [each.pk for each in self.mentors].index(pair.mentor_id)
        spent = PackEntry.objects.filter(kind="spend").count()
        answer = _answer(
            bookings.book,
            pair.mentee,
            handle=pair.mentor.handle,
            session_type="",
            pack="",
            starts_at=self.now.replace(minute=0) + ahead * HOUR,
            now=self.now,
        )
        if isinstance(answer, str):
            assert answer in REFUSALS_OF_BOOKING
            assert PackEntry.objects.filter(kind="spend").count() == spent

    @rule(pick=nth, ahead=st.integers(1, 60))
    def book_soon(self, pick: int, ahead: int) -> None:
        """Most histories are about sessions, so most steps should be."""
        self.book(pick, ahead)

    @rule(pick=nth, by_mentor=st.booleans())
    def cancel(self, pick: int, by_mentor: bool) -> None:
        session = self._picked(pick)
        if session is None or session.starts_at <= self.now:
            return
        mentee = session.bookings.get().mentee
        by = session.mentor.person if by_mentor else mentee
        sessions.cancel(session.reference, by=by, now=self.now)
        is_early = session.starts_at - self.now >= DAY
        returned = PackEntry.objects.filter(
            kind="return", booking_id=session.bookings.get().pk
        ).count()
        assert returned == (1 if by_mentor or is_early else 0)

    @rule(pick=nth, absent=st.sampled_from(["mentor", "mentee", "nobody"]))
    def end(self, pick: int, absent: str) -> None:
        """The session takes place, or one side does not come; the clock goes there."""
        session = self._picked(pick)
        if session is None:
            return
        self._pass_to(max(self.now, session.starts_at + timedelta(minutes=20)))
        self.touched = self._number(session)
        place = session.bookings.get()
        session.refresh_from_db()
        if session.status != Session.Status.SCHEDULED:
            return
        if absent == "nobody":
            sessions.complete(session.reference, by=session.mentor.person, now=self.now)
        else:
            told_by = place.mentee if absent == "mentor" else session.mentor.person
            sessions.mark_no_show(session.reference, by=told_by, now=self.now)
        returned = PackEntry.objects.filter(kind="return", booking_id=place.pk).count()
        assert returned == (1 if absent == "mentor" else 0)

    @rule(pick=nth)
    def refund(self, pick: int) -> None:
        packs = list(Pack.objects.filter(balance__gt=0).order_by("pk"))
        if not packs:
            return
        pack = packs[pick % len(packs)]
        mentor = pack.mentorship.mentor
        self.touched = [each.pk for each in self.mentors].index(mentor.pk)
        pack_refunds.issue(pack.reference, by=mentor.person, now=self.now)

    @rule(hours=st.sampled_from([1, 7, 30]))
    def wait(self, hours: int) -> None:
        self._pass_to(self.now + hours * HOUR)

    def _pass_to(self, at: datetime) -> None:
        """Time passes and the jobs run; that may touch both mentors."""
        self.now = at
        settlement.expire_due(now=at)
        sessions.complete_overdue(now=at)
        renewals.tend(now=at)
        self.touched = None
        self.before = {mentor.pk: self._state(mentor) for mentor in self.mentors}

    def _picked(self, pick: int) -> Session | None:
        live = Session.objects.filter(status="scheduled").select_related("mentor__person")
        found = list(live.order_by("pk"))
        if not found:
            return None
        session = found[pick % len(found)]
        self.touched = self._number(session)
        return session

    def _number(self, session: Session) -> int:
        return [mentor.pk for mentor in self.mentors].index(session.mentor_id)

    def _state(self, mentor: Mentor) -> list[Any]:
        """Everything that packs and seats of this mentor say."""
        pairs = {"mentorship__mentor": mentor}
        return [
            list(Pack.objects.filter(**pairs).order_by("pk").values_list()),
            list(Seat.objects.filter(**pairs).order_by("pk").values_list()),
            list(Purchase.objects.filter(**pairs).order_by("pk").values_list()),
            list(PackEntry.objects.filter(pack__mentorship__mentor=mentor).values_list()),
        ]

    @invariant()
    def nothing_of_the_other_mentor_changed(self) -> None:
        for number, mentor in enumerate(getattr(self, "mentors", [])):
            state = self._state(mentor)
            if self.touched is not None and number != self.touched:
                assert state == self.before[mentor.pk]
            self.before[mentor.pk] = state

    @invariant()
    def every_balance_is_the_sum_of_its_ledger(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for pack in Pack.objects.all():
            lines = [entry.sessions for entry in pack.entries.all()]
            assert pack.balance == sum(lines) >= 0
            spent = pack.entries.filter(kind="spend").count()
            assert spent == Booking.objects.filter(pack=pack).count()

    @invariant()
    def seats_are_within_the_limit_and_one_for_each_pair(self) -> None:
        live = Seat.objects.filter(status__in=Seat.LIVE)
        assert all(row["n"] <= LIMIT for row in live.values("mentor").annotate(n=Count("pk")))
        assert all(row["n"] == 1 for row in live.values("mentorship").annotate(n=Count("pk")))

    @invariant()
    def grace_is_only_where_nothing_can_be_booked(self) -> None:
        for seat in Seat.objects.filter(status="grace"):
            packs = Pack.objects.filter(mentorship=seat.mentorship, over_at=None)
            assert not packs.filter(status="active").exists()

    @invariant()
    def money_sums_to_zero(self) -> None:
        total = LedgerEntry.objects.aggregate(total=Sum("amount_minor"))["total"]
        assert total in {None, 0}

    @invariant()
    def nobody_is_reminded_twice(self) -> None:
        again = RenewalReminder.objects.values("pack", "kind", "round").annotate(n=Count("pk"))
        assert all(row["n"] == 1 for row in again)


def _answer(verb: Callable[..., Any], *given: Any, **facts: Any) -> Any:
    """What the verb gives, or the code of its refusal."""
    try:
        return verb(*given, **facts)
    except Refusal as refusal:
        return refusal.code


@pytest.mark.django_db(transaction=True)
def test_packs_and_seats_hold_through_every_history() -> None:
    usual = settings()
    run_state_machine_as_test(
        Packs,
        settings=settings(
            max_examples=max(usual.max_examples // 4, 12), stateful_step_count=40, deadline=None
        ),
    )
