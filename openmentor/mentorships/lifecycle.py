"""The lives of a seat, a pack and a purchase: which state may follow which (SPEC §9).

A renewal makes a pack active again. An exhausted pack whose session comes back is active again,
or expired if its time is over by then.
"""

from openmentor.base.lifecycles import Lifecycle

SEAT = Lifecycle(
    subject="seat",
    births=frozenset({"held", "active"}),
    moves={
        "held": frozenset({"active", "released"}),
        "active": frozenset({"grace", "released"}),
        "grace": frozenset({"active", "released"}),
    },
)

PACK = Lifecycle(
    subject="pack",
    births=frozenset({"active"}),
    moves={
        "active": frozenset({"exhausted", "expired", "refunded"}),
        "exhausted": frozenset({"active", "expired"}),
        "expired": frozenset({"active", "refunded"}),
    },
)

PURCHASE = Lifecycle(
    subject="purchase",
    births=frozenset({"held", "paid"}),
    moves={
        "held": frozenset({"paid", "expired"}),
        "expired": frozenset({"paid"}),
    },
)
"""Late money pays a purchase that had expired, if a seat is still free."""
