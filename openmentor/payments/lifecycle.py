"""The lives of an order and of a refund: which state may follow which (SPEC §10)."""

from openmentor.base.lifecycles import Lifecycle

ORDER = Lifecycle(
    subject="order",
    births=frozenset({"created"}),
    moves={
        "created": frozenset({"paid", "failed", "expired"}),
        "failed": frozenset({"paid", "expired"}),
        "expired": frozenset({"paid"}),
        "paid": frozenset({"refunded", "partially_refunded"}),
        "partially_refunded": frozenset({"refunded"}),
    },
)
"""A failed try is not the end, and late money pays an expired order if its thing is still free."""

REFUND = Lifecycle(
    subject="refund",
    births=frozenset({"pending"}),
    moves={
        "pending": frozenset({"succeeded", "failed"}),
        "succeeded": frozenset({"failed"}),
        "failed": frozenset({"pending"}),
    },
)
"""The payer's bank may send back what had arrived; staff tries anew what failed."""
