"""The refund policies of SPEC §5: how much comes back, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openmentor.base import money


@dataclass(frozen=True, slots=True)
class Policy:
    """In full until `full` before the start, half until `half` before it, then nothing."""

    full: timedelta
    half: timedelta | None
    sentence: str


POLICIES = {
    "flexible": Policy(
        timedelta(hours=2), None, "Cancel up to 2 hours before the start for a full refund."
    ),
    "moderate": Policy(
        timedelta(hours=24),
        timedelta(hours=2),
        "Cancel up to 24 hours before the start for a full refund, up to 2 hours before for half.",
    ),
    "strict": Policy(
        timedelta(hours=48), None, "Cancel up to 48 hours before the start for a full refund."
    ),
}


def is_in_full(policy: str, *, starts_at: datetime, now: datetime) -> bool:
    """Whether who cancels now gets everything back; the limit itself still counts."""
    return starts_at - now >= POLICIES[policy].full


def refund_minor(
    amount_minor: int, currency: str, *, policy: str, starts_at: datetime, now: datetime
) -> int:
    """What the mentee gets back who cancels now, in minor units; half a step rounds up.

    A limit itself still counts: exactly 24 hours before is in time.
    """
    rule = POLICIES[policy]
    ahead = starts_at - now
    if is_in_full(policy, starts_at=starts_at, now=now):
        return amount_minor
    if rule.half is not None and ahead >= rule.half:
        return money.share(amount_minor, 1, 2, step=money.step(currency))
    return 0
