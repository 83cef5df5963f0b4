"""Renewal reminders on a frozen clock: each at its moment, once, and not when it is pointless."""

from datetime import datetime, timedelta

import pytest

from openmentor.base.errors import NotAllowed, NotPossible
from openmentor.base.models import Event
from openmentor.mentors.models import Mentor
from openmentor.mentorships import packs, releases, reminders, renewals
from openmentor.mentorships.models import Pack, RenewalReminder
from openmentor.mentorships.refusals import SeatsFull
from openmentor.people.models import Person
from tests import packs as shop

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def told() -> list[tuple[str, datetime]]:
    """What was reminded of, and when, oldest first."""
    found = Event.objects.filter(name="pack.renewal_reminded").order_by("pk")
    return [(event.data["kind"], event.at) for event in found]


def spend(pack: Pack, number: int, now: datetime) -> None:
    packs.spend(pack.purchases.latest("pk"), booking_id=number, by=None, now=now)


def test_every_reminder_comes_at_its_moment_once(maya: Mentor, tom: Person, now: datetime) -> None:
    """A week and a day before the end, at the start of grace, and a day before its end."""
    shop.bought(tom, shop.offer(maya, now=now), now=now)
    end = now + 45 * DAY
    expected = [
        ("week_left", end - 7 * DAY),
        ("day_left", end - DAY),
        ("grace_begun", end),
        ("grace_day_left", end + 2 * DAY),
    ]
    for kind, at in expected:
        renewals.tend(now=at - SECOND)
        assert (kind, at) not in told()
        renewals.tend(now=at)
        renewals.tend(now=at + SECOND)
    renewals.tend(now=end + 3 * DAY)
    assert told() == expected
    assert not RenewalReminder.objects.filter(sent_at=None).exists()


def test_one_left_and_none_left_are_told_when_they_are_spent(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(maya, sessions=3, now=now), now=now)
    spend(pack, 1, now)
    reminders.send_due(now=now)
    assert told() == []
    spend(pack, 2, now + DAY)
    reminders.send_due(now=now + DAY)
    spend(pack, 3, now + 2 * DAY)
    reminders.send_due(now=now + 2 * DAY)
    assert told() == [("one_left", now + DAY), ("none_left", now + 2 * DAY)]


def test_a_session_that_comes_back_before_the_job_silences_it(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(maya, sessions=2, now=now), now=now)
    spend(pack, 1, now)
    packs.give_back(1, by=None, now=now)
    reminders.send_due(now=now)
    assert told() == []


def test_a_renewal_moves_the_reminders_and_begins_a_new_round(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    offer = shop.offer(maya, now=now)
    shop.bought(tom, offer, now=now)
    renewals.tend(now=now + 38 * DAY)
    shop.bought(tom, offer, now=now + 39 * DAY)
    renewals.tend(now=now + 44 * DAY)
    assert told() == [("week_left", now + 38 * DAY)]
    renewals.tend(now=now + 77 * DAY)
    assert told()[1:] == [("week_left", now + 77 * DAY)]


def test_a_pack_shorter_than_a_week_is_not_reminded_of_its_week(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    shop.bought(tom, shop.offer(maya, validity_days=5, now=now), now=now)
    renewals.tend(now=now + 3 * DAY)
    assert told() == []
    renewals.tend(now=now + 4 * DAY)
    assert told() == [("day_left", now + 4 * DAY)]


def test_after_an_outage_nothing_is_told_that_is_over(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    shop.bought(tom, shop.offer(maya, now=now), now=now)
    renewals.tend(now=now + 47 * DAY)
    assert [kind for kind, _ in told()] == ["grace_begun"]


def test_reminders_of_one_mentor_are_not_moved_by_another(
    maya: Mentor, kiri: Mentor, tom: Person, now: datetime
) -> None:
    first = shop.bought(tom, shop.offer(maya, now=now), now=now)
    before = list(first.reminders.order_by("pk").values_list())
    second = shop.bought(tom, shop.offer(kiri, validity_days=20, now=now), now=now + DAY)
    renewals.tend(now=now + 20 * DAY)
    assert list(first.reminders.order_by("pk").values_list()) == before
    assert second.reminders.filter(sent_at__isnull=False).count() == 2


def test_a_mentor_releases_a_seat_only_when_nothing_is_left_to_book(
    maya: Mentor, tom: Person, staff: Person, now: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(maya, now=now), now=now)
    with pytest.raises(NotAllowed):
        releases.release(pack.reference, by=tom, now=now)
    with pytest.raises(NotPossible):
        releases.release(pack.reference, by=maya.person, now=now)
    releases.release(pack.reference, by=staff, now=now)
    assert shop.seat(tom, maya).status == "released"
    with pytest.raises(NotPossible):
        releases.release(pack.reference, by=staff, now=now)


def test_lowering_the_limit_releases_nobody_and_admits_nobody(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    offer = shop.offer(maya, now=now)
    shop.bought(tom, offer, now=now)
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=0)
    with pytest.raises(SeatsFull):
        shop.begun(lena, offer, now=now)
    assert shop.seat(tom, maya).status == "active"
    shop.bought(tom, offer, now=now)
