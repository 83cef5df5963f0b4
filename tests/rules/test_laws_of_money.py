"""What the database itself forbids about money, packs and seats, each by its name."""

from datetime import datetime
from typing import Any

import pytest

from openmentor.mentors.models import Mentor
from openmentor.mentorships.models import Seat
from openmentor.payments import refunds
from openmentor.payments.models import LedgerEntry, Order, Payment
from openmentor.people.models import Person
from tests import packs as shop
from tests.laws import Again, again, broken_by, broken_elsewhere, of_the_database

FLOORS = ("payments", "mentorships")

ORDER = "UPDATE payments_order SET {} WHERE id = %(order)s"
PAYMENT = "UPDATE payments_payment SET {} WHERE id = %(payment)s"
PURCHASE = "UPDATE mentorships_purchase SET {} WHERE id = %(purchase)s"
PACK = "UPDATE mentorships_pack SET {} WHERE id = %(pack)s"
SEAT = "UPDATE mentorships_seat SET {} WHERE id = %(seat)s"

BREACHES: dict[str, str | Again] = {
    "order_has_an_amount": ORDER.format("amount_minor = 0"),
    "order_commission_is_a_part": ORDER.format("commission_minor = amount_minor + 1"),
    "order_paid_has_a_receipt": ORDER.format("receipt_number = NULL"),
    "order_is_one_at_its_provider": again(
        "payments_order",
        "id = %(order)s",
        reference="'ORDER-00000000'",
        purpose_id="0",
        receipt_number="0",
    ),
    "order_pays_for_one_thing_once": again(
        "payments_order",
        "id = %(order)s",
        reference="'ORDER-00000000'",
        provider_order_id="''",
        receipt_number="0",
    ),
    "payment_has_an_amount": PAYMENT.format("amount_minor = 0, refunded_minor = 0"),
    "payment_gives_back_at_most_itself": PAYMENT.format("refunded_minor = amount_minor + 1"),
    "payment_is_captured_once": again(
        "payments_payment", "id = %(payment)s", reference="'PAY-00000000'", settles="false"
    ),
    "order_is_settled_once": again(
        "payments_payment",
        "id = %(payment)s",
        reference="'PAY-00000000'",
        provider_payment_id="'another'",
    ),
    "refund_has_an_amount": "UPDATE payments_refund SET amount_minor = 0",
    "payout_has_an_amount": (
        "INSERT INTO payments_payout (mentor_id, amount_minor, currency, note, paid_at,"
        " marked_by_id) VALUES (%(mentor)s, 0, 'INR', '', now(), 0)"
    ),
    "provider_message_is_heard_once": (
        "INSERT INTO payments_providermessage (provider, event_id, kind, heard_at)"
        " SELECT 'mock', 'evt_1', '', now() FROM generate_series(1, 2)"
    ),
    "ledger_is_append_only": "UPDATE payments_ledgerentry SET amount_minor = amount_minor + 1",
    "ledger_entry_moves_money": again("payments_ledgerentry", cause="'other'", amount_minor="0"),
    "ledger_posting_sums_to_zero": again("payments_ledgerentry", cause="'other'"),
    "capture_is_booked_once": again("payments_ledgerentry", "cause = 'capture'"),
    "refund_is_booked_once": again("payments_ledgerentry", "id = %(given_back)s"),
    "mentorship_is_one_for_each_pair": again("mentorships_mentorship", "mentee_id = %(tom)s"),
    "seat_has_a_number": SEAT.format("number = 0"),
    "seat_held_has_an_end": SEAT.format("status = 'held', hold_until = NULL"),
    "seat_in_grace_has_an_end": SEAT.format("status = 'grace', grace_until = NULL"),
    "seat_released_has_its_time": SEAT.format("status = 'released'"),
    "seat_is_with_the_mentor_of_its_pair": SEAT.format("mentor_id = %(other)s"),
    "seats_are_at_most_the_mentors_limit": again(
        "mentorships_seat",
        "id = %(seat)s",
        mentorship_id="%(lenas)s",
        number="2",
    ),
    "released_seats_are_taken_within_the_limit": (
        "UPDATE mentorships_seat SET status = 'active', released_at = NULL, number = 2"
        " WHERE id = %(released)s"
    ),
    "purchase_is_of_something": PURCHASE.format("price_minor = -1"),
    "purchase_paid_is_in_a_pack": PURCHASE.format("paid_at = NULL"),
    "purchase_unused_is_a_part_of_it": PURCHASE.format("unused = sessions + 1"),
    "pack_balance_is_at_most_what_was_bought": PACK.format("balance = bought + 1"),
    "pack_is_the_sum_of_its_ledger": PACK.format("balance = balance - 1"),
    "pack_entry_counts": again("mentorships_packentry", sessions="5", purchase_id="%(other)s"),
    "pack_ledger_is_append_only": "DELETE FROM mentorships_packentry",
    "renewal_reminder_is_sent_once": (
        "INSERT INTO mentorships_renewalreminder (pack_id, kind, round, due_at)"
        " SELECT %(pack)s, 'one_left', 7, now() FROM generate_series(1, 2)"
    ),
}
ANSWERS = {
    "released_seats_are_taken_within_the_limit": "seats_are_at_most_the_mentors_limit",
    "pack_entry_counts": "pack_entry_is_of_its_pack",
}
"""Triggers that refuse under the name of what they keep."""
NO_BREACH = {"mentorship_to_refer_to"}
"""A key that a foreign key needs; it holds the primary key, so nothing can break it alone."""


@pytest.fixture
def stage(maya: Mentor, kiri: Mentor, tom: Person, lena: Person, now: datetime) -> dict[str, Any]:
    """Tom has a pack with Maya, whose only seat is his; Lena had one; a refund is on its way."""
    offer = shop.offer(maya, now=now)
    shop.bought(lena, offer, now=now)
    released = shop.seat(lena, maya)
    Seat.objects.filter(pk=released.pk).update(status="released", released_at=now)
    pack = shop.bought(tom, offer, now=now)
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    purchase = pack.purchases.get()
    payment = Payment.objects.get(order__purpose="pack", order__purpose_id=purchase.pk)
    Order.objects.filter(pk=payment.order_id).update(provider_order_id="order_1")
    refunds.promise(payment, 100, reason="staff", by=None, now=now)
    entry = LedgerEntry.objects.filter(refund__isnull=False).first()
    assert entry is not None
    return {
        "order": payment.order_id,
        "payment": payment.pk,
        "given_back": entry.pk,
        "pack": pack.pk,
        "purchase": purchase.pk,
        "seat": shop.seat(tom, maya).pk,
        "released": released.pk,
        "lenas": released.mentorship_id,
        "mentor": maya.pk,
        "other": kiri.pk,
        "tom": tom.pk,
    }


@pytest.mark.parametrize("law", sorted(BREACHES))
def test_breaking_a_law_is_refused_under_its_name(law: str, stage: dict[str, Any]) -> None:
    assert broken_by(BREACHES[law], stage) == ANSWERS.get(law, law)


def test_the_catalogue_has_every_law_of_the_database(db: None) -> None:
    names = of_the_database(*FLOORS)
    assert names == {*BREACHES} | NO_BREACH | names & broken_elsewhere(__file__)
