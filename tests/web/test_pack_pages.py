"""Pages of packs, seats and mentorships: what each side sees, and the whole way without scripts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor, PackOffer
from openmentor.mentorships import renewals
from openmentor.mentorships.models import Pack
from openmentor.payments.models import Order
from openmentor.people.models import Person
from tests import make
from tests import packs as shop
from tests.cast import NOW
from tests.web.browser import signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TUESDAY_AT_TEN = "2026-03-03T04:30:00Z"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def offer(maya: Mentor) -> PackOffer:
    return shop.offer(maya, now=NOW)


def read(person: Person, path: str, *, status: int = 200) -> str:
    answer = signed_in(person).get(path)
    assert answer.status_code == status, answer
    return " ".join(answer.content.decode().split())


def test_the_profile_shows_packs_the_saving_and_seats_left(maya: Mentor, tom: Person) -> None:
    hour = make.session_type(maya, price=30_000)
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=3)
    shop.offer(maya, session_type=hour.reference, now=NOW)
    page = read(tom, "/mentors/maya-rao")
    assert "Save ₹200.00" in page
    assert "3 of 3 seats free" in page


def test_a_pack_is_bought_paid_and_shown(maya: Mentor, tom: Person, offer: PackOffer) -> None:
    browser = signed_in(tom)
    asked = browser.get(f"/pack-offers/{offer.reference}/buy")
    key = asked.context["key"]
    sent = browser.post(f"/pack-offers/{offer.reference}/buy", {"key": key})
    order = Order.objects.get()
    assert sent["Location"] == f"/pack-payments/{order.reference}"
    again = browser.post(f"/pack-offers/{offer.reference}/buy", {"key": key})
    assert again["Location"] == sent["Location"]
    assert "Held for you until" in browser.get(sent["Location"]).content.decode()
    failed = browser.post(f"/payments/{order.reference}/return", {"outcome": "failure"})
    assert failed["Location"] == sent["Location"]
    assert "The payment did not go through" in browser.get(sent["Location"]).content.decode()
    paid = browser.post(f"/payments/{order.reference}/return", {"outcome": "success"}, follow=True)
    pack = Pack.objects.get()
    assert paid.request["PATH_INFO"] == f"/packs/{pack.reference}"
    assert "4 of 4" in paid.content.decode()
    assert "4 of 4 sessions left" in read(tom, "/my-mentorships")


def test_a_purchase_when_full_leads_to_the_waiting_list(
    maya: Mentor, tom: Person, lena: Person, offer: PackOffer
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    shop.bought(tom, offer, now=NOW)
    assert "Every seat is taken" in read(lena, f"/pack-offers/{offer.reference}/buy")
    browser = signed_in(lena)
    refused = browser.post(f"/pack-offers/{offer.reference}/buy", {"key": "k"})
    assert (refused.status_code, "Join the waiting list" in refused.content.decode()) == (409, True)
    browser.post("/mentors/maya-rao/seats")
    assert "You are number 1 in line" in read(lena, "/mentors/maya-rao/seats")
    browser.post("/mentors/maya-rao/seats/leave")
    assert "Nobody waits" in read(lena, "/mentors/maya-rao/seats")


def test_an_order_that_was_not_paid_says_so(
    maya: Mentor, tom: Person, offer: PackOffer, clock: time_machine.Traveller
) -> None:
    _, order = shop.begun(tom, offer, now=NOW)
    clock.move_to(NOW + timedelta(minutes=16))
    assert "was held for you, and not paid by then" in read(
        tom, f"/pack-payments/{order.reference}"
    )


def test_the_booking_page_says_which_pack_pays_and_what_remains(
    maya: Mentor, tom: Person, offer: PackOffer
) -> None:
    pack = shop.bought(tom, offer, now=NOW)
    path = f"/mentors/maya-rao/book?type={offer.session_type.reference}&time={TUESDAY_AT_TEN}"
    page = read(tom, path)
    assert "Your pack with Maya" in page
    assert "3 after this one" in page
    form = {
        "type": offer.session_type.reference,
        "time": TUESDAY_AT_TEN,
        "pack": pack.reference,
        "key": "once",
    }
    signed_in(tom).post("/mentors/maya-rao/book", form)
    assert Booking.objects.get().pack == pack
    assert "Booked a session" in read(tom, f"/packs/{pack.reference}")


def test_a_mentorship_in_grace_says_until_when_to_renew(
    maya: Mentor, tom: Person, clock: time_machine.Traveller
) -> None:
    shop.bought(tom, shop.offer(maya, validity_days=5, now=NOW), now=NOW)
    clock.move_to(NOW + 6 * DAY)
    renewals.tend(now=NOW + 6 * DAY)
    page = read(tom, "/my-mentorships")
    assert "Renew to keep your seat" in page
    assert "Grace period" in page


def test_a_mentor_sees_mentees_refunds_and_releases(
    maya: Mentor, tom: Person, lena: Person, offer: PackOffer
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=5)
    pack = shop.bought(tom, offer, now=NOW)
    page = read(maya.person, "/mentor/mentees")
    assert "1 of 5" in page
    assert tom.name in page
    browser = signed_in(maya.person)
    quoted = browser.get(f"/packs/{pack.reference}/refund")
    assert "4 of 4 sessions unused" in quoted.content.decode()
    mark = quoted.context["quote"].mark
    held = browser.post(f"/packs/{pack.reference}/release")
    assert held.status_code == 409
    wrong = browser.post(f"/packs/{pack.reference}/refund", {"expecting": "1:1"})
    assert wrong.status_code == 409
    browser.post(f"/packs/{pack.reference}/refund", {"expecting": mark})
    pack.refresh_from_db()
    assert (pack.status, shop.seat(tom, maya).status) == ("refunded", "released")


def test_a_mentor_releases_a_seat_in_grace(maya: Mentor, tom: Person) -> None:
    pack = shop.bought(tom, shop.offer(maya, validity_days=5, now=NOW), now=NOW - 6 * DAY)
    renewals.tend(now=NOW)
    assert shop.seat(tom, maya).status == "grace"
    signed_in(maya.person).post(f"/packs/{pack.reference}/release")
    assert shop.seat(tom, maya).status == "released"


def test_a_mentor_sells_and_edits_packs(maya: Mentor) -> None:
    browser = signed_in(maya.person)
    kept = maya.session_types.get().reference
    form = {"title": "Four", "session_type": kept, "sessions": "4", "validity_days": "45"}
    browser.post("/mentor/packs/new", form | {"price": "1000", "currency": "INR"})
    offer = PackOffer.objects.get()
    assert (offer.price_minor, offer.sessions) == (100_000, 4)
    browser.post(f"/mentor/packs/{offer.reference}", form | {"title": "Best", "currency": "INR"})
    browser.post(f"/mentor/packs/{offer.reference}/switch", {"off": "yes"})
    offer.refresh_from_db()
    assert (offer.title, offer.price_minor, offer.is_active) == ("Best", 0, False)
    wrong = browser.post("/mentor/packs/new", form | {"sessions": "0", "currency": "INR"})
    assert wrong.status_code == 422
    assert "Best" in read(maya.person, f"/mentor/packs?edit={offer.reference}")


def test_a_stranger_sees_no_pack(maya: Mentor, tom: Person, zoe: Person, offer: PackOffer) -> None:
    pack = shop.bought(tom, offer, now=NOW)
    for tail in ("", "/refund", "/release"):
        read(zoe, f"/packs/{pack.reference}{tail}", status=404)
    assert "No mentorships yet" in read(zoe, "/my-mentorships")
