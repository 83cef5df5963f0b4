"""What the staff must know about money at once: books that disagree, refunds that are stuck."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openmentor.booking import audit
from openmentor.payments.models import Refund


@dataclass(frozen=True, slots=True)
class Alarm:
    """The findings of the latest check of the books, and how many refunds have failed."""

    checked_at: datetime | None
    findings: list[dict[str, Any]]
    failed_refunds: int


def ringing() -> Alarm:
    """How it stands now."""
    latest = audit.latest()
    return Alarm(
        checked_at=latest.at if latest else None,
        findings=latest.data["findings"] if latest else [],
        failed_refunds=Refund.objects.filter(status=Refund.Status.FAILED).count(),
    )
