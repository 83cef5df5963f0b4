"""Packs in a real browser: no barrier on any page, by keyboard alone, and without scripts."""

from datetime import timedelta

import pytest

from openmentor.base import clock
from openmentor.booking import openings
from openmentor.mentors.models import Mentor
from openmentor.mentorships import renewals
from openmentor.mentorships.models import Pack
from openmentor.people.models import Person
from tests import make
from tests import packs as shop
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.test_barriers import TARGETS, THUMB

DAY = timedelta(days=1)


@pytest.fixture
def pages(maya: Mentor, kiri: Mentor, tom: Person, lena: Person) -> dict[str, list[str]]:
    """Every page of packs in every state that looks different, by who reads it."""
    now = clock.now()
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=3)
    Mentor.objects.filter(pk=kiri.pk).update(max_active_mentees=1)
    hour = make.session_type(maya, title="Mock interview", price=30_000)
    offer = shop.offer(maya, session_type=hour.reference, now=now)
    grace = shop.offer(kiri, validity_days=5, now=now)
    ends = shop.bought(tom, grace, now=now - 6 * DAY)
    renewals.tend(now=now)
    pack = shop.bought(tom, offer, now=now)
    _, order = shop.begun(tom, offer, now=now)
    _, over = shop.begun(lena, offer, now=now - DAY)
    at = openings.to_book(maya.pk, minutes=30, now=now).next(1)[0]
    time = f"/mentors/maya-rao/book?type={hour.reference}&time={at:%Y-%m-%dT%H:%M:%SZ}"
    return {
        "tom": [
            "/my-mentorships",
            f"/packs/{pack.reference}",
            f"/packs/{ends.reference}",
            f"/pack-offers/{offer.reference}/buy",
            f"/pack-payments/{order.reference}",
            "/mentors/maya-rao",
            time,
        ],
        "lena": [
            "/my-mentorships",
            f"/pack-offers/{offer.reference}/buy",
            f"/pack-offers/{grace.reference}/buy",
            f"/pack-payments/{over.reference}",
            "/mentors/kiri-tamahori",
            "/mentors/kiri-tamahori/seats",
        ],
        "maya": [
            "/mentor/mentees",
            "/mentor/packs",
            "/mentor/packs?new=yes",
            f"/mentor/packs?edit={offer.reference}",
            f"/packs/{pack.reference}",
            f"/packs/{pack.reference}/refund",
            f"/packs/{pack.reference}/release",
        ],
    }


@pytest.mark.parametrize(("theme", "width"), [("light", PHONE), ("dark", DESKTOP)])
def test_no_page_of_packs_has_a_barrier(
    visit: Visit,
    pages: dict[str, list[str]],
    request: pytest.FixtureRequest,
    theme: str,
    width: int,
) -> None:
    for name, paths in pages.items():
        found = request.getfixturevalue(name)
        reader = visit(as_=getattr(found, "person", found), theme=theme, width=width)
        for path in paths:
            reader.goes_to(path)
            reader.finds_no_barrier()
            if width == PHONE:
                small = reader.page.eval_on_selector_all(
                    TARGETS,
                    "(all, least) => all.filter(e => e.checkVisibility()"
                    " && (e.offsetHeight < least || e.offsetWidth < least)).map(e => e.outerHTML)",
                    THUMB,
                )
                assert small == [], path


def test_a_pack_is_bought_by_keyboard_alone(visit: Visit, maya: Mentor, tom: Person) -> None:
    shop.offer(maya, now=clock.now())
    toms = visit(as_=tom)
    toms.goes_to("/mentors/maya-rao")
    toms.tabs_to("Look")
    toms.presses("Enter")
    toms.page.wait_for_url("**/buy")
    toms.tabs_to("Proceed to payment")
    toms.presses("Enter")
    toms.page.wait_for_url("**/pack-payments/**")
    toms.tabs_to("Pay ")
    toms.presses("Enter")
    toms.page.wait_for_url("**/packs/**")
    assert Pack.objects.get().status == "active"


def test_a_pack_is_bought_and_booked_with_without_scripts(
    visit: Visit, maya: Mentor, tom: Person
) -> None:
    offer = shop.offer(maya, now=clock.now())
    toms = visit(as_=tom, javascript=False, width=PHONE)
    toms.goes_to(f"/pack-offers/{offer.reference}/buy")
    toms.page.get_by_role("button", name="Proceed to payment").click()
    toms.page.get_by_role("button", name="simulate success").click()
    assert "4 of 4" in toms.main
    at = openings.to_book(maya.pk, minutes=30, now=clock.now()).next(1)[0]
    kept = offer.session_type.reference
    toms.goes_to(f"/mentors/maya-rao/book?type={kept}&time={at:%Y-%m-%dT%H:%M:%SZ}")
    toms.page.get_by_role("button", name="Book this time").click()
    toms.page.wait_for_url("**/confirmation")
    toms.goes_to("/my-mentorships")
    assert "3 of 4 sessions left" in toms.main
