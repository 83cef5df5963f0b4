"""The lives of a session and of a booking: which state may follow which (SPEC §4)."""

from openmentor.base.lifecycles import Lifecycle

SESSION = Lifecycle(
    subject="session",
    births=frozenset({"pending", "scheduled", "open"}),
    moves={
        "pending": frozenset({"scheduled", "rejected", "cancelled", "expired"}),
        "scheduled": frozenset({"completed", "no_show", "cancelled"}),
        "open": frozenset({"full", "completed", "cancelled"}),
        "full": frozenset({"open", "completed", "cancelled"}),
        "completed": frozenset({"no_show"}),
    },
)

BOOKING = Lifecycle(
    subject="booking",
    births=frozenset({"held", "confirmed"}),
    moves={
        "held": frozenset({"confirmed", "expired", "cancelled"}),
        "confirmed": frozenset({"attended", "no_show", "cancelled"}),
        "attended": frozenset({"no_show"}),
    },
)
