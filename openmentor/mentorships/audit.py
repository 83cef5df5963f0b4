"""Packs against the books: all money for packs is in a pack, and every pack was paid for."""

from openmentor.payments.audit import Check

CHECKS = (
    Check(
        "Money that settled a pack's order is in that pack, or was given back.",
        """
        SELECT p.reference
        FROM payments_payment p
        JOIN payments_order o ON o.id = p.order_id AND o.purpose = 'pack'
        LEFT JOIN mentorships_purchase u ON u.id = o.purpose_id
        LEFT JOIN mentorships_mentorship m ON m.id = u.mentorship_id
        WHERE p.settles AND (u.id IS NULL OR u.status <> 'paid' OR m.mentee_id <> o.payer_id
            OR m.mentor_id <> o.mentor_id OR p.amount_minor <> u.price_minor
            OR p.currency <> u.currency)
        """,
    ),
    Check(
        "Every pack with a price has captured money of that amount.",
        """
        SELECT k.reference
        FROM mentorships_purchase u
        JOIN mentorships_pack k ON k.id = u.pack_id
        WHERE u.status = 'paid' AND u.price_minor > 0 AND NOT EXISTS (
            SELECT FROM payments_order o
            JOIN payments_payment p ON p.order_id = o.id AND p.settles
            WHERE o.purpose = 'pack' AND o.purpose_id = u.id AND p.amount_minor = u.price_minor)
        """,
    ),
    Check(
        "Every pack's balance is the sum of its ledger.",
        """
        SELECT k.reference
        FROM mentorships_pack k LEFT JOIN mentorships_packentry e ON e.pack_id = k.id
        GROUP BY k.id HAVING coalesce(sum(e.sessions), 0) <> k.balance OR k.balance < 0
        """,
    ),
    Check(
        "No mentor has more seats taken than a pair each.",
        """
        SELECT m.handle
        FROM mentorships_seat s JOIN mentors_mentor m ON m.id = s.mentor_id
        WHERE s.status <> 'released'
        GROUP BY m.id HAVING count(*) <> count(DISTINCT s.mentorship_id)
            OR count(*) <> count(DISTINCT s.number)
        """,
    ),
)
