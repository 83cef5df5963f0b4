"""A place in a session as money sees it: confirmed when it is paid, let go when it is not."""

from datetime import datetime

from django.db import transaction

from openmentor.base import locks
from openmentor.base.errors import refusing
from openmentor.booking import places
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import BOOKING, SESSION
from openmentor.booking.models import Booking, Session
from openmentor.booking.refusals import SessionFull, TimeTaken, YouAreBusy
from openmentor.payments.models import Payment

PURPOSE = "booking"


class PaidPlace:
    """One booking and its session, read after the mentor's calendar and both rows are locked."""

    def __init__(self, mentor_id: int, booking_id: int) -> None:
        locks.hold(locks.MENTOR_CALENDAR, mentor_id)
        self.session = Session.objects.select_for_update(of=("self",)).get(bookings=booking_id)
        self.booking = Booking.objects.select_for_update().get(pk=booking_id)
        self.booking.session = self.session

    @property
    def is_paid(self) -> bool:
        """Whether other money has paid for this place before."""
        return self.booking.payment_status in {
            Booking.PaymentStatus.PAID,
            Booking.PaymentStatus.REFUNDED,
            Booking.PaymentStatus.PARTIALLY_REFUNDED,
        }

    def give(self, payment: Payment, *, now: datetime) -> bool:
        """Confirm a held booking, or one whose hold ended while its time or place is still free."""
        if not self._is_there(now):
            return False
        try:
            with transaction.atomic(), refusing(LAWS):
                if not self._is_held and not self._is_in_group:
                    self._revive(now=now)
                self._confirm(payment, now=now)
                places.tend(self.session, by=None, now=now)
        except (SessionFull, TimeTaken, YouAreBusy):
            return False
        return True

    def note_failure(self) -> None:
        """The booking says that a try to pay failed; it stays held."""
        if self._is_held:
            self.booking.payment_status = Booking.PaymentStatus.FAILED
            self.booking.save(update_fields=["payment_status"])

    def let_go(self, *, now: datetime) -> None:
        """The hold is over: the booking expires, and its time or place is free again."""
        if self._is_held:
            BOOKING.move(
                self.booking, Booking.Status.EXPIRED, by=None, at=now, why="not paid in time"
            )
            if self._is_in_group:
                places.tend(self.session, by=None, now=now)
            elif SESSION.allows(self.session.status, Session.Status.CANCELLED):
                self._release(now=now)

    @property
    def _is_in_group(self) -> bool:
        return self.session.mode == Session.Mode.GROUP

    @property
    def _is_held(self) -> bool:
        return self.booking.status == Booking.Status.HELD

    def _is_there(self, now: datetime) -> bool:
        """Whether there is a place to give; whether its time is free, the database knows."""
        if not BOOKING.allows(self.booking.status, Booking.Status.CONFIRMED):
            return False
        if not self._is_held and now >= self.session.starts_at:
            return False
        if self._is_held or self._is_in_group:
            return self.session.status in Session.TAKING_TIME
        return SESSION.allows(self.session.status, Session.Status.SCHEDULED)

    def _confirm(self, payment: Payment, *, now: datetime) -> None:
        booking = self.booking
        booking.payment_status = Booking.PaymentStatus.PAID
        booking.payment_mode = payment.provider
        booking.payment_reference = payment.reference
        booking.hold_until = None
        BOOKING.move(
            booking,
            Booking.Status.CONFIRMED,
            by=None,
            at=now,
            also=["payment_status", "payment_mode", "payment_reference", "hold_until"],
        )

    def _revive(self, *, now: datetime) -> None:
        """Late money takes the time again; the database refuses if somebody else has it."""
        session = self.session
        session.cancelled_at = None
        session.cancelled_by = session.cancel_reason = ""
        session.revision += 1
        SESSION.move(
            session,
            Session.Status.SCHEDULED,
            by=None,
            at=now,
            why="paid late, still free",
            also=["cancelled_at", "cancelled_by", "cancel_reason", "revision"],
        )

    def _release(self, *, now: datetime) -> None:
        """Give an unpaid one-on-one session's time back to the mentor's calendar."""
        session = self.session
        session.cancelled_at = now
        session.cancelled_by = "system"
        session.cancel_reason = "It was not paid in time."
        session.revision += 1
        SESSION.move(
            session,
            Session.Status.CANCELLED,
            by=None,
            at=now,
            why=session.cancel_reason,
            also=["cancelled_at", "cancelled_by", "cancel_reason", "revision"],
        )
