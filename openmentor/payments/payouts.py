"""Handing mentors what they earned: the operator pays by a bank, and marks it here."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce

from openmentor.base import events, locks, money
from openmentor.base.errors import Invalid, NotAllowed, NotFound
from openmentor.mentors.models import Mentor
from openmentor.payments import ledger
from openmentor.payments.models import LedgerEntry, Payout
from openmentor.people.models import Person

LONGEST_NOTE = 200
_MENTORS = "mentor:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is owed to a mentor in one currency, in minor units; below zero: paid out too much."""

    mentor: Mentor
    currency: str
    amount_minor: int


@transaction.atomic
def mark_paid(
    mentor_id: int, *, amount_minor: int, currency: str, note: str = "", by: Person, now: datetime
) -> Payout:
    """Write down that the operator handed this much to the mentor, outside of OpenMentor.

    Refuses `not_allowed` (not staff), `not_found`, and `invalid`: nothing, more than is owed in
    this currency, or a note of more than 200 characters.
    """
    if not by.is_staff:
        raise NotAllowed
    if not Mentor.objects.filter(pk=mentor_id).exists():
        raise NotFound("There is no such mentor.")
    if len(note) > LONGEST_NOTE:
        raise Invalid.field("note", f"At most {LONGEST_NOTE} characters, please.")
    # Refunds of this mentor's sessions wait for the same lock, so what is owed stays owed.
    locks.hold(locks.MENTOR_CALENDAR, mentor_id)
    _demand_owed(mentor_id, amount_minor, currency)
    payout = Payout.objects.create(
        mentor_id=mentor_id,
        amount_minor=amount_minor,
        currency=currency,
        note=note.strip(),
        paid_at=now,
        marked_by_id=by.pk,
    )
    ledger.book_payout(payout, now=now)
    events.record(
        "payout.paid",
        subject="payout",
        subject_id=payout.pk,
        actor_id=by.pk,
        at=now,
        to_state="paid",
        mentor=mentor_id,
        amount=amount_minor,
        currency=currency,
    )
    return payout


def due() -> list[Due]:
    """What is owed, by mentor and currency, mentors by name; nothing where it is zero."""
    owed = _owed()
    mentors = Mentor.objects.select_related("person").in_bulk([key for key, _ in owed])
    found = [
        Due(mentor=mentors[key], currency=currency, amount_minor=amount)
        for (key, currency), amount in owed.items()
    ]
    return sorted(found, key=lambda one: (one.mentor.person.name, one.mentor.pk, one.currency))


def _owed() -> dict[tuple[int, str], int]:
    rows = (
        LedgerEntry.objects.filter(account__startswith=_MENTORS)
        .values_list("account", "currency")
        .annotate(total=Coalesce(Sum("amount_minor"), 0))
        .order_by("account", "currency")
    )
    return {
        (int(account.removeprefix(_MENTORS)), currency): -total
        for account, currency, total in rows
        if total
    }


def _demand_owed(mentor_id: int, amount_minor: int, currency: str) -> None:
    owed = ledger.owed(mentor_id).get(currency, 0)
    if amount_minor < 1:
        raise Invalid.field("amount", "Say how much was paid.")
    if amount_minor > owed:
        most = money.display(max(owed, 0), currency) if owed > 0 else "nothing"
        raise Invalid.field("amount", f"That is more than is owed: it is {most}.")
