"""The books checked against the bookings: all money is in exactly one place (SPEC §4, 4 and 5)."""

from dataclasses import asdict
from datetime import datetime

from django.db import connection, transaction

from openmentor.base import events
from openmentor.base.models import Event
from openmentor.booking import policy
from openmentor.mentorships import audit as pack_audit
from openmentor.payments import audit
from openmentor.payments.audit import Check, Finding

AGREED = "books.agreed"
DISAGREED = "books.disagreed"
BY_POLICY = "Every cancelled booking gave back what its policy says, or all of it."

CHECKS = (
    Check(
        "Money that settled an order is a live paid booking, or a refund of it.",
        """
        SELECT p.reference
        FROM payments_payment p
        JOIN payments_order o ON o.id = p.order_id AND o.purpose = 'booking'
        LEFT JOIN booking_booking b ON b.id = o.purpose_id
        WHERE p.settles AND (
            b.id IS NULL
            OR b.payment_reference <> p.reference
            OR b.mentee_id <> o.payer_id
            OR b.status NOT IN ('confirmed', 'attended', 'no_show', 'cancelled')
            OR b.payment_status <> CASE p.refunded_minor
                WHEN 0 THEN 'paid' WHEN p.amount_minor THEN 'refunded'
                ELSE 'partially_refunded' END
            OR (b.status = 'confirmed' AND p.refunded_minor <> 0 AND NOT EXISTS (
                SELECT FROM payments_refund r WHERE r.payment_id = p.id AND r.reason = 'staff'))
        )
        """,
    ),
    Check(
        "Every paid booking has captured money of its amount and currency.",
        """
        SELECT b.reference
        FROM booking_booking b
        LEFT JOIN payments_payment p ON p.reference = b.payment_reference AND p.settles
        LEFT JOIN payments_order o
            ON o.id = p.order_id AND o.purpose = 'booking' AND o.purpose_id = b.id
        WHERE b.payment_status IN ('paid', 'refunded', 'partially_refunded')
            AND b.payment_mode <> 'pack'
            AND (o.id IS NULL OR p.amount_minor <> b.amount_minor
                OR p.currency <> b.currency OR p.provider <> b.payment_mode)
        """,
    ),
    Check(
        "Nobody has a place with a price that was not paid.",
        """
        SELECT reference FROM booking_booking
        WHERE status IN ('confirmed', 'attended', 'no_show')
            AND amount_minor > 0 AND payment_mode <> 'pack'
            AND payment_status NOT IN ('paid', 'refunded', 'partially_refunded')
        """,
    ),
)

ALL_CHECKS = (*audit.CHECKS, *pack_audit.CHECKS, *CHECKS)
_CANCELLED_AND_PAID = """
    SELECT p.reference, p.refunded_minor, e.actor_id = b.mentee_id AS by_mentee,
        p.amount_minor, p.currency, b.refund_policy, b.starts_at, e.at
    FROM booking_booking b
    JOIN payments_payment p ON p.reference = b.payment_reference AND p.settles
    JOIN base_event e
        ON e.subject = 'booking' AND e.subject_id = b.id AND e.name = 'booking.cancelled'
    WHERE b.status = 'cancelled' AND NOT EXISTS (
        SELECT FROM payments_refund r WHERE r.payment_id = p.id AND r.reason = 'staff')
"""


@transaction.atomic
def check(*, now: datetime) -> list[Finding]:
    """Check all books and write down the result for the staff; nothing found is good news."""
    found = [*audit.findings(ALL_CHECKS), *_against_policy()]
    events.record(
        DISAGREED if found else AGREED,
        subject="books",
        subject_id=0,
        actor_id=None,
        at=now,
        findings=[asdict(finding) for finding in found],
    )
    return found


def sentences() -> list[str]:
    """All that is checked."""
    return [*(check.sentence for check in ALL_CHECKS), BY_POLICY]


def latest() -> Event | None:
    """The result of the latest check: its `data["findings"]` is empty when all was right."""
    return Event.objects.filter(subject="books", subject_id=0).order_by("-pk").first()


def _against_policy() -> list[Finding]:
    """Cancelled bookings that gave back another sum than they should have."""
    with connection.cursor() as cursor:
        cursor.execute(_CANCELLED_AND_PAID)
        wrong = sorted(
            reference
            for reference, refunded, by_mentee, *facts in cursor.fetchall()
            if refunded != (_by_policy(*facts) if by_mentee else facts[0])
        )
    return [audit.found_in(BY_POLICY, wrong)] if wrong else []


def _by_policy(amount: int, currency: str, agreed: str, starts_at: datetime, at: datetime) -> int:
    return policy.refund_minor(amount, currency, policy=agreed, starts_at=starts_at, now=at)
