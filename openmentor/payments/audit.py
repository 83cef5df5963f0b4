"""The books, checked against themselves: ledger, orders, payments and refunds must agree.

Each check is one statement, so it sees one moment, and gives the public ids of what breaks it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

MOST = 20
"""So many ids are kept of one finding; the count is always whole."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold, in a sentence, and how to find what breaks it."""

    sentence: str
    broken_by: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that does not hold, and the first of those that break it."""

    sentence: str
    count: int
    ids: list[str]


def findings(checks: Iterable[Check]) -> list[Finding]:
    """What does not hold; nothing when the books are right."""
    found = [found_in(check.sentence, _ids(check)) for check in checks]
    return [finding for finding in found if finding.count]


def found_in(sentence: str, ids: list[str]) -> Finding:
    """A finding about these ids."""
    return Finding(sentence, len(ids), ids[:MOST])


def _ids(check: Check) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(check.broken_by)
        return sorted(str(row[0]) for row in cursor.fetchall())


CHECKS = (
    Check(
        "Every posting sums to zero.",
        """
        SELECT posting FROM payments_ledgerentry
        GROUP BY posting, currency HAVING sum(amount_minor) <> 0
        """,
    ),
    Check(
        "The ledger sums to zero in every currency.",
        """
        SELECT currency FROM payments_ledgerentry
        GROUP BY currency HAVING sum(amount_minor) <> 0
        """,
    ),
    Check(
        "Every line of the ledger says which payment or payout it is about.",
        """
        SELECT DISTINCT posting FROM payments_ledgerentry
        WHERE payment_id IS NULL AND payout_id IS NULL
        """,
    ),
    Check(
        "Every payment is in the ledger, with the mentor's and the operator's part.",
        """
        SELECT p.reference
        FROM payments_payment p
        JOIN payments_order o ON o.id = p.order_id
        LEFT JOIN payments_ledgerentry e
            ON e.payment_id = p.id AND e.cause = 'capture' AND e.currency = p.currency
        GROUP BY p.id, o.id
        HAVING coalesce(sum(e.amount_minor) FILTER (WHERE e.account = 'provider:' || p.provider), 0)
                <> p.amount_minor
            OR coalesce(sum(e.amount_minor) FILTER (WHERE e.account = 'mentor:' || o.mentor_id), 0)
                <> CASE WHEN p.settles THEN o.commission_minor - p.amount_minor ELSE 0 END
            OR coalesce(sum(e.amount_minor) FILTER (WHERE e.account = 'commission'), 0)
                <> CASE WHEN p.settles THEN -o.commission_minor ELSE 0 END
        """,
    ),
    Check(
        "Every refund is in the ledger.",
        """
        SELECT r.reference
        FROM payments_refund r
        JOIN payments_payment p ON p.id = r.payment_id
        LEFT JOIN payments_ledgerentry e
            ON e.refund_id = r.id AND e.cause = 'refund' AND e.currency = p.currency
            AND e.account = 'provider:' || p.provider
        GROUP BY r.id, p.id
        HAVING coalesce(sum(e.amount_minor), 0) <> -r.amount_minor OR r.currency <> p.currency
        """,
    ),
    Check(
        "Every payment has given back the sum of its refunds.",
        """
        SELECT p.reference
        FROM payments_payment p LEFT JOIN payments_refund r ON r.payment_id = p.id
        GROUP BY p.id HAVING coalesce(sum(r.amount_minor), 0) <> p.refunded_minor
        """,
    ),
    Check(
        "Every paid order has one payment of its amount, and its status says what came back.",
        """
        SELECT o.reference
        FROM payments_order o LEFT JOIN payments_payment p ON p.order_id = o.id AND p.settles
        WHERE (p.id IS NULL) <> (o.paid_at IS NULL)
            OR p.amount_minor <> o.amount_minor
            OR p.currency <> o.currency
            OR p.provider <> o.provider
            OR (p.id IS NULL AND o.status IN ('paid', 'refunded', 'partially_refunded'))
            OR (p.id IS NOT NULL AND o.status <> CASE p.refunded_minor
                WHEN 0 THEN 'paid' WHEN p.amount_minor THEN 'refunded'
                ELSE 'partially_refunded' END)
        """,
    ),
    Check(
        "Money that came for nothing goes back in full.",
        """
        SELECT reference FROM payments_payment
        WHERE NOT settles AND refunded_minor <> amount_minor
        """,
    ),
    Check(
        "Every payout is in the ledger.",
        """
        SELECT m.handle || ' on ' || po.paid_at::date
        FROM payments_payout po
        JOIN mentors_mentor m ON m.id = po.mentor_id
        LEFT JOIN payments_ledgerentry e
            ON e.payout_id = po.id AND e.account = 'mentor:' || po.mentor_id
            AND e.currency = po.currency
        GROUP BY po.id, m.id HAVING coalesce(sum(e.amount_minor), 0) <> po.amount_minor
        """,
    ),
)
