"""The lives of a session and of a booking: which state may follow which (SPEC §4).

The way back from `cancelled` and `expired` is for late money only: a hold ended, then the payment
came and the time was still free (SPEC §10). Only `settlement.settle` goes it.
"""

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
        "cancelled": frozenset({"scheduled"}),
    },
)

BOOKING = Lifecycle(
    subject="booking",
    births=frozenset({"held", "confirmed"}),
    moves={
        "held": frozenset({"confirmed", "expired", "cancelled"}),
        "confirmed": frozenset({"attended", "no_show", "cancelled"}),
        "attended": frozenset({"no_show"}),
        "expired": frozenset({"confirmed"}),
    },
)
