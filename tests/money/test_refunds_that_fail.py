"""Money on its way back that does not arrive: known as such, and sent anew."""

import pytest
from pytest_django import Settings

from openmentor.base import clock
from openmentor.payments import providers, refunds
from openmentor.payments.models import Refund
from openmentor.people.models import Person
from tests import make
from tests.money.counter import HALF_HOUR, PRICE, Counter, cancel, run_jobs, settled_up

pytestmark = pytest.mark.django_db
NAMES = ["razorpay", "stripe"]


def refunded(counter: Counter, provider: str) -> Refund:
    """What goes back to somebody who cancelled in time."""
    booking = counter.paid(make.person(), provider)
    cancel(booking, booking.mentee)
    run_jobs()
    return Refund.objects.get()


def bounce(counter: Counter, provider: str, refund: Refund) -> None:
    """The payer's bank sends the money back to the provider."""
    counter.remotes[provider].script(settle_refund=refund.provider_refund_id, to="failed")
    counter.hear_all()
    refund.refresh_from_db()


@pytest.mark.parametrize("provider", NAMES)
def test_a_refund_that_failed_after_it_had_succeeded_is_not_taken_for_paid(
    counter: Counter, provider: str, staff: Person
) -> None:
    refund = refunded(counter, provider)
    assert refund.status == "succeeded"
    bounce(counter, provider, refund)
    assert (refund.status, counter.remotes[provider].refunded()) == ("failed", {})
    refunds.try_again(refund.pk, by=staff.pk, now=clock.now())
    run_jobs()
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert list(counter.remotes[provider].refunded().values()) == [PRICE]
    settled_up(counter)


@pytest.mark.parametrize("provider", NAMES)
def test_old_news_of_success_does_not_hide_a_failure(counter: Counter, provider: str) -> None:
    refund = refunded(counter, provider)
    bounce(counter, provider, refund)
    counter.hear_all()
    refund.refresh_from_db()
    assert refund.status == "failed"


def test_refunds_at_a_provider_that_was_switched_off_wait_and_hold_up_no_others(
    counter: Counter, settings: Settings
) -> None:
    stranded = counter.paid(make.person(), "stripe")
    other = counter.paid(make.person(), "razorpay", starts_at=stranded.starts_at + HALF_HOUR)
    for booking in (stranded, other):
        cancel(booking, booking.mentee)
    enabled = settings.PAYMENT_PROVIDERS
    settings.PAYMENT_PROVIDERS = {"razorpay": enabled["razorpay"]}
    providers.of.cache_clear()
    run_jobs()
    assert dict(Refund.objects.values_list("payment__provider", "status")) == {
        "stripe": "pending",
        "razorpay": "succeeded",
    }
    settings.PAYMENT_PROVIDERS = enabled
    providers.of.cache_clear()
    counter.wait(hours=1)
    run_jobs()
    settled_up(counter)
