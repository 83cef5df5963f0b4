"""The lives of sessions, bookings, open requests and waiting entries (SPEC §4, §7, §8).

The way back from `cancelled` and `expired` is for late money only: a hold ended, then the payment
came and the time was still free (SPEC §10). Only `settlement.settle` goes it.

Attendance of a group is marked person by person, so a no-show that was a slip can be put right.

A scheduled open request follows its session: it is completed with it, and cancelled when the
session is. No verb of its own cancels it then.
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
        "no_show": frozenset({"attended"}),
        "expired": frozenset({"confirmed"}),
    },
)

OPEN_REQUEST = Lifecycle(
    subject="open_request",
    births=frozenset({"open"}),
    moves={
        "open": frozenset({"claimed", "cancelled", "expired"}),
        "claimed": frozenset({"scheduled", "open", "cancelled"}),
        "scheduled": frozenset({"completed", "cancelled"}),
    },
)

WAITING = Lifecycle(
    subject="waiting",
    births=frozenset({"waiting"}),
    moves={
        "waiting": frozenset({"offered", "left", "expired"}),
        "offered": frozenset({"taken", "left", "expired"}),
    },
)
"""Somebody's place in a line; it expires with an offer not taken, or with what is waited for."""
