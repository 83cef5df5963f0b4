"""How far the refunds of a cancelled group session have come, for its host to see."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from openmentor.booking.models import Session
from openmentor.booking.paid_places import PURPOSE
from openmentor.payments.models import Refund


@dataclass(frozen=True, slots=True)
class Repayments:
    """How many refunds there are and how many have reached the payers; the sum, in minor units."""

    all: int
    done: int
    failed: int
    amount_minor: int


def of(session: Session) -> Repayments:
    """Everything that goes back to those who paid for this session, for whatever reason."""
    bookings = session.bookings.values("pk")
    found = Refund.objects.filter(
        payment__order__purpose=PURPOSE, payment__order__purpose_id__in=bookings
    ).aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(status=Refund.Status.SUCCEEDED)),
        failed=Count("pk", filter=Q(status=Refund.Status.FAILED)),
        amount_minor=Sum("amount_minor", default=0),
    )
    return Repayments(**found)
