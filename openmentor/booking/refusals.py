"""Why a booking is refused. Clients rely on these codes (SPEC §17)."""

from openmentor.base.errors import Kind, Refusal
from openmentor.mentors.refusals import MentorUnavailable, OwnProfile
from openmentor.mentorships.refusals import NoPackSession, PackExpired, SeatNotActive

__all__ = ["MentorUnavailable", "NoPackSession", "OwnProfile", "PackExpired", "SeatNotActive"]


class TooSoon(Refusal):
    """The time is past, or closer than the mentor's notice."""

    code = "too_soon"
    sentence = "That time is too soon to book."


class TooFar(Refusal):
    """The time is beyond the mentor's horizon."""

    code = "too_far"
    sentence = "That time is further ahead than this mentor takes bookings."


class NotOffered(Refusal):
    """The mentor is not open then, or no session begins at that minute."""

    code = "not_offered"
    sentence = "The mentor does not offer that time."


class TimeTaken(Refusal):
    """Somebody was faster; `alternatives` holds the nearest free starts."""

    code = "time_taken"
    kind = Kind.CLASH
    sentence = "That time has just been taken."


class YouAreBusy(Refusal):
    """The person has another session then; `sessionId` and `title` name it."""

    code = "you_are_busy"
    kind = Kind.CLASH
    sentence = "You have another session at that time."


class SessionTypeUnavailable(Refusal):
    """The session type is unknown, switched off, or another mentor's."""

    code = "session_type_unavailable"
    kind = Kind.CLASH
    sentence = "This mentor does not offer that session type."


class DailyLimit(Refusal):
    """The mentor's day or week is full by the mentor's own limit."""

    code = "daily_limit"
    kind = Kind.CLASH
    sentence = "The mentor takes no more sessions then."


class TooLate(Refusal):
    """The time for this has passed."""

    code = "too_late"
    kind = Kind.CLASH
    sentence = "It is too late for that."


class PaymentNotPossible(Refusal):
    """The session has a price, and the operator has not enabled any way to pay."""

    code = "payment_unavailable"
    kind = Kind.CLASH
    sentence = "This session has a price, and paying is not possible here."


class NothingToPay(Refusal):
    """The session is free."""

    code = "nothing_to_pay"
    kind = Kind.CLASH
    sentence = "This session is free, so there is nothing to pay."


class AlreadyPaid(Refusal):
    """The booking has been paid."""

    code = "already_paid"
    kind = Kind.CLASH
    sentence = "This session is already paid."


class HoldOver(TooLate):
    """The time was held for a while and is free again."""

    sentence = "The time was not paid while it was held for you, so it is free again."


class PaymentNotVerified(Refusal):
    """The provider does not confirm that the money was captured."""

    code = "payment_not_verified"
    sentence = "The payment could not be verified. You can try again while the time is held."


class PaymentUnavailable(Refusal):
    """The provider gave no clear answer; nothing was charged by us."""

    code = "payment_unavailable"
    kind = Kind.UNAVAILABLE
    sentence = "The payment service does not answer at the moment. Your time is still held."


class MessageForged(Refusal):
    """A webhook that is not the provider's own word."""

    code = "message_forged"
    sentence = "This message cannot be trusted."


class RefundChanged(Refusal):
    """What would be paid back is no longer what the person was shown; `amount` is what is now."""

    code = "refund_changed"
    kind = Kind.CLASH
    sentence = "The refund has changed since you were shown it. Please look again."


class TooManyRequestsPending(Refusal):
    """The mentor has three requests of this mentee to answer already."""

    code = "too_many_requests_pending"
    kind = Kind.CLASH
    sentence = "This mentor has three requests of yours to answer already."


class AlreadyClaimed(Refusal):
    """Another mentor claimed the open request first."""

    code = "already_claimed"
    kind = Kind.CLASH
    sentence = "Another mentor has already claimed this request."


class OutsideWindows(Refusal):
    """The mentee did not offer that time; `windows` holds what was offered."""

    code = "outside_windows"
    sentence = "That time is outside the times that the mentee offered."


class SessionFull(Refusal):
    """Every place is taken, or offered to somebody who waits."""

    code = "session_full"
    kind = Kind.CLASH
    sentence = "Every place in this session is taken."


class AlreadyJoined(Refusal):
    """The person has a place in this session, or is in its waiting line."""

    code = "already_joined"
    kind = Kind.CLASH
    sentence = "You already have a place in this session."
