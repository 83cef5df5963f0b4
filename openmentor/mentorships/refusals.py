"""Why a pack or a seat is refused. Clients rely on these codes (SPEC §17)."""

from openmentor.base.errors import Kind, Refusal


class NoPackSession(Refusal):
    """A pack was to pay, and the mentee has none with a session left for this."""

    code = "no_pack_session"
    kind = Kind.CLASH
    sentence = "You have no pack with a session left for this mentor."


class PackExpired(Refusal):
    """The session would be later than the pack is valid."""

    code = "pack_expired"
    kind = Kind.CLASH
    sentence = "Your pack ends before that time. Renew it to book further ahead."


class SeatNotActive(Refusal):
    """The seat is in grace, or was released."""

    code = "seat_not_active"
    kind = Kind.CLASH
    sentence = "Your seat with this mentor is not active. Renew your pack to book with it."


class SeatsFull(Refusal):
    """The mentor carries as many mentees as they want to; there is a waiting list."""

    code = "seats_full"
    kind = Kind.CLASH
    sentence = "This mentor has no free seat at the moment. You can join the waiting list."


class TooManyMentorships(Refusal):
    """The operator lets a mentee have only so many active mentorships."""

    code = "too_many_mentorships"
    kind = Kind.CLASH
    sentence = "You have as many active mentorships as are possible here."


class PackUnavailable(Refusal):
    """The pack is not on sale."""

    code = "pack_unavailable"
    kind = Kind.CLASH
    sentence = "This pack is not on sale at the moment."


class PackCannotBePaid(Refusal):
    """The pack has a price, and the operator has not enabled any way to pay."""

    code = "payment_unavailable"
    kind = Kind.CLASH
    sentence = "This pack has a price, and paying is not possible here."


class PackRefundChanged(Refusal):
    """What would be paid back is no longer what was shown."""

    code = "refund_changed"
    kind = Kind.CLASH
    sentence = "The refund has changed since you were shown it. Please look again."
