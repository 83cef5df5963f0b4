"""The life of an application to be a mentor: which state may follow which."""

from openmentor.base.lifecycles import Lifecycle

APPLICATION = Lifecycle(
    subject="mentor",
    births=frozenset({"applied"}),
    moves={
        "applied": frozenset({"approved", "rejected"}),
        "approved": frozenset({"rejected"}),
        "rejected": frozenset({"applied", "approved"}),
    },
)
