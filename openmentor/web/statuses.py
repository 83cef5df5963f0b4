"""How each stored status reads on a page: its words, its tone and its icon."""

from typing import NamedTuple


class Status(NamedTuple):
    """A status in words; the tone is one of calm, info, success, warning, danger."""

    label: str
    tone: str
    icon: str


STATUSES = {
    "pending": Status("Waiting for an answer", "warning", "hourglass"),
    "scheduled": Status("Scheduled", "success", "calendar-check"),
    "completed": Status("Completed", "calm", "check"),
    "no_show": Status("No-show", "danger", "user-round-x"),
    "rejected": Status("Declined", "calm", "x"),
    "cancelled": Status("Cancelled", "calm", "ban"),
    "expired": Status("Expired", "calm", "timer-off"),
    "open": Status("Open", "success", "door-open"),
    "full": Status("Full", "warning", "users"),
    "held": Status("Payment due", "warning", "hourglass"),
    "confirmed": Status("Confirmed", "success", "check"),
    "attended": Status("Attended", "success", "user-round-check"),
    "free": Status("Free", "success", "gift"),
    "created": Status("Payment due", "warning", "hourglass"),
    "unpaid": Status("Not paid", "calm", "circle-slash"),
    "paid": Status("Paid", "success", "circle-check"),
    "failed": Status("Payment failed", "danger", "circle-alert"),
    "refunded": Status("Refunded", "info", "undo-2"),
    "partially_refunded": Status("Partly refunded", "info", "undo-2"),
    "refund_pending": Status("On its way", "info", "undo-2"),
    "refund_succeeded": Status("Paid back", "success", "circle-check"),
    "failed_refund": Status("Failed", "danger", "circle-alert"),
    "refund_failed": Status("We are looking into it", "warning", "hourglass"),
    "claimed": Status("Claimed", "info", "hand-helping"),
    "active": Status("Active", "success", "check"),
    "grace": Status("Grace period", "warning", "hourglass"),
    "exhausted": Status("Used up", "calm", "circle-check"),
    "released": Status("Seat released", "calm", "door-open"),
    "paused": Status("Paused", "warning", "pause"),
    "applied": Status("Waiting for approval", "warning", "hourglass"),
    "approved": Status("Approved", "success", "badge-check"),
}


def read(status: str) -> Status:
    """The words of a status; one without words of its own is shown as it is stored."""
    key = status.replace("-", "_")
    plain = Status(key.replace("_", " ").capitalize(), "calm", "circle")
    return STATUSES.get(key, plain)
