"""Renewal reminders: which are due when, as rows that move with the pack and the seat (SPEC §9).

Sending them is told by an event; what has been told once is never told again.
"""

from datetime import datetime, timedelta

from django.db import transaction

from openmentor.base import events
from openmentor.mentorships.lifecycle import PACK
from openmentor.mentorships.models import Pack, RenewalReminder, Seat

DAY, WEEK = timedelta(days=1), timedelta(days=7)
_Kind = RenewalReminder.Kind


def plan(pack: Pack, seat: Seat | None, *, now: datetime, spent: bool = False) -> None:
    """Bring the reminders that are still to come in line with the pack and its seat.

    `spent` says that a session was just taken: only that makes `one_left` and `none_left` due.
    """
    known = {each.kind: each for each in _of(pack)}
    wanted = _wanted(pack, seat, now=now)
    for kind, due_at in wanted.items():
        row = known.get(kind)
        if row is None:
            if due_at > now or spent or kind == _Kind.GRACE_BEGUN:
                RenewalReminder.objects.create(
                    pack=pack, kind=kind, round=pack.renewals, due_at=due_at
                )
        elif row.sent_at is None and kind not in _AT_ONCE and row.due_at != due_at:
            row.due_at = due_at
            row.save(update_fields=["due_at"])
    unwanted = RenewalReminder.objects.filter(pack=pack, sent_at=None)
    unwanted.exclude(kind__in=wanted, round=pack.renewals).delete()


_AT_ONCE = (_Kind.ONE_LEFT, _Kind.NONE_LEFT)


def _of(pack: Pack) -> list[RenewalReminder]:
    return list(RenewalReminder.objects.filter(pack=pack, round=pack.renewals))


def _wanted(pack: Pack, seat: Seat | None, *, now: datetime) -> dict[str, datetime]:
    """What should be told, and when, as things stand."""
    if pack.over_at is not None or seat is None:
        return {}
    if seat.status == Seat.Status.GRACE and seat.grace_from and seat.grace_until:
        ending = {_Kind.GRACE_BEGUN: seat.grace_from, _Kind.GRACE_DAY_LEFT: seat.grace_until - DAY}
        if ending[_Kind.GRACE_DAY_LEFT] <= seat.grace_from:
            del ending[_Kind.GRACE_DAY_LEFT]  # A grace of a day or less is told of once.
        return {str(kind): at for kind, at in ending.items()}
    wanted = {}
    if pack.balance == 1 and pack.status == Pack.Status.ACTIVE:
        wanted[str(_Kind.ONE_LEFT)] = now
    if pack.balance == 0:
        wanted[str(_Kind.NONE_LEFT)] = now
    if pack.status == Pack.Status.ACTIVE:
        wanted[str(_Kind.WEEK_LEFT)] = pack.expires_at - WEEK
        wanted[str(_Kind.DAY_LEFT)] = pack.expires_at - DAY
    return wanted


def send_due(*, now: datetime, most: int = 200) -> int:
    """Tell of every reminder that is due, once each; how many."""
    due = RenewalReminder.objects.filter(sent_at=None, due_at__lte=now).order_by("due_at")
    return sum(_send(key, now=now) for key in due.values_list("pk", flat=True)[:most])


@transaction.atomic
def _send(reminder_id: int, *, now: datetime) -> bool:
    """Compare and set: of several workers, one sends. After an outage, only what still helps."""
    waiting = RenewalReminder.objects.filter(pk=reminder_id, sent_at=None, due_at__lte=now)
    if not waiting.update(sent_at=now):
        return False
    reminder = RenewalReminder.objects.select_related("pack").get(pk=reminder_id)
    pack = reminder.pack
    is_about_the_end = reminder.kind in {_Kind.WEEK_LEFT, _Kind.DAY_LEFT}
    if is_about_the_end and pack.expires_at <= now:
        return False
    events.record(
        "pack.renewal_reminded",
        subject=PACK.subject,
        subject_id=pack.pk,
        actor_id=None,
        at=now,
        from_state=pack.status,
        to_state=pack.status,
        kind=reminder.kind,
    )
    return True
