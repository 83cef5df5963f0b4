"""Which pack pays for a session: the one that was asked for, or the one that expires first."""

from datetime import datetime

from openmentor.base import references
from openmentor.base.errors import Refusal
from openmentor.mentorships.models import Pack, Purchase, Seat
from openmentor.mentorships.refusals import NoPackSession, PackExpired, SeatNotActive
from openmentor.people.models import Person


def choose(
    mentee: Person,
    *,
    mentor_id: int,
    starts_at: datetime,
    pack: str = "",
    session_type_id: int | None = None,
) -> Purchase:
    """The purchase whose session pays for a session then, its `pack` and `session_type` loaded.

    `pack` is a reference; without one, the pack that expires first. Of the pack, what was bought
    first is used first. Refuses `no_pack_session`, `pack_expired` and `seat_not_active`.
    """
    found = _with_a_session_left(mentee, mentor_id, pack, session_type_id)
    objections = [_objection(purchase, starts_at) for purchase in found]
    for purchase, objection in zip(found, objections, strict=True):
        if objection is None:
            return purchase
    raise next((refusal for refusal in objections if refusal), NoPackSession())


def usable(mentee: Person, *, mentor_id: int, starts_at: datetime) -> list[Purchase]:
    """All that could pay for a session then, the default first; one for each pack and type."""
    first: dict[tuple[int | None, int], Purchase] = {}
    for purchase in _with_a_session_left(mentee, mentor_id, "", None):
        if _objection(purchase, starts_at) is None:
            first.setdefault((purchase.pack_id, purchase.session_type_id), purchase)
    return list(first.values())


def _with_a_session_left(
    mentee: Person, mentor_id: int, pack: str, session_type_id: int | None
) -> list[Purchase]:
    found = (
        Purchase.objects.filter(
            mentorship__mentee=mentee,
            mentorship__mentor=mentor_id,
            unused__gt=0,
        )
        .exclude(pack__status=Pack.Status.REFUNDED)
        .select_related("pack", "session_type", "mentorship")
        .order_by("pack__expires_at", "pk")
    )
    if pack:
        found = found.filter(pack__reference=references.normalised(pack, "PACK"))
    if session_type_id is not None:
        found = found.filter(session_type=session_type_id)
    return list(found)


def _objection(purchase: Purchase, starts_at: datetime) -> Refusal | None:
    pack = purchase.pack
    assert pack is not None  # noqa: S101 - purchase_paid_is_in_a_pack
    if pack.status == Pack.Status.EXPIRED or starts_at > pack.expires_at:
        return PackExpired()
    active = Seat.objects.filter(mentorship=purchase.mentorship, status=Seat.Status.ACTIVE)
    return None if active.exists() else SeatNotActive()
