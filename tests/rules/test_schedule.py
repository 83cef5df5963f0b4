from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from openmentor.availability import schedule
from openmentor.availability.entries import Date, Day, Hours
from openmentor.availability.models import DateOverride, WeeklyHours
from openmentor.availability.schedule import Schedule
from openmentor.base import events
from openmentor.base.errors import Invalid, NotFound
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MORNING, EVENING = Hours("09:00", "12:00"), Hours("18:00", "24:00")
NIGHT = Hours("22:00", "02:00")
CHRISTMAS, BOXING_DAY = date(2026, 12, 25), date(2026, 12, 26)


@pytest.fixture
def mentor() -> Mentor:
    maya = Person.objects.create_user("maya@example.com", name="Maya Rao")
    return mentors.apply(maya, now=NOW)


def replaced(
    mentor: Mentor,
    weekly: Sequence[Day] = (),
    overrides: Sequence[Date] = (),
    timezone: str = "Asia/Kolkata",
) -> Schedule:
    return schedule.replace(
        mentor.pk,
        timezone=timezone,
        weekly=weekly,
        overrides=overrides,
        by=mentor.person,
        now=NOW,
    )


def errors(mentor: Mentor, **given: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        replaced(mentor, **given)
    return {line["field"]: line["message"] for line in refusal.value.data["errors"]}


def test_a_new_mentor_is_never_open(mentor: Mentor) -> None:
    assert schedule.read(mentor) == Schedule("UTC", [], [])


def test_what_is_written_is_read_in_order(mentor: Mentor) -> None:
    weekly = [Day(6, [NIGHT]), Day(0, [EVENING, MORNING]), Day(3, [])]
    overrides = [Date(BOXING_DAY, [MORNING]), Date(CHRISTMAS)]
    expected = Schedule(
        "Asia/Kolkata",
        [Day(0, [MORNING, EVENING]), Day(6, [NIGHT])],
        [Date(CHRISTMAS, []), Date(BOXING_DAY, [MORNING])],
    )
    assert replaced(mentor, weekly, overrides) == expected
    assert schedule.read(Mentor.objects.get(pk=mentor.pk)) == expected
    assert events.history("mentor", mentor.pk)[-1].name == "mentor.hours_changed"


def test_replacing_leaves_nothing_of_before(mentor: Mentor) -> None:
    replaced(mentor, [Day(0, [MORNING])], [Date(CHRISTMAS)])
    replaced(mentor, [Day(1, [EVENING])])
    assert schedule.read(mentor).weekly == [Day(1, [EVENING])]
    assert (WeeklyHours.objects.count(), DateOverride.objects.count()) == (1, 0)


def test_the_same_day_may_come_in_parts(mentor: Mentor) -> None:
    read = replaced(mentor, [Day(0, [MORNING]), Day(0, [EVENING])])
    assert read.weekly == [Day(0, [MORNING, EVENING])]


def test_ranges_may_touch_and_dates_may_be_past(mentor: Mentor) -> None:
    touching = [Hours("09:00", "10:00"), Hours("10:00", "11:00")]
    read = replaced(mentor, [Day(0, touching)], [Date(date(2020, 2, 29), touching)])
    assert read.weekly[0].slots == touching
    assert read.overrides[0].slots == touching


@pytest.mark.parametrize(
    "time", ["9:00", "25:00", "09:60", "24:01", "", "noon", "09:00:00", "٠٩:٠٠"]
)
def test_what_is_no_time_is_refused_at_its_place(mentor: Mentor, time: str) -> None:
    weekly = [Day(0, [MORNING]), Day(1, [EVENING, Hours(time, "10:00"), Hours("11:00", time)])]
    assert errors(mentor, weekly=weekly) == {
        "weekly[1].slots[1].start": "Write a time such as 09:00.",
        "weekly[1].slots[2].end": "Write a time such as 09:00.",
    }


def test_an_overlap_is_refused_where_the_later_one_is_written(mentor: Mentor) -> None:
    weekly = [Day(0, [MORNING]), Day(2, [EVENING]), Day(2, [MORNING, Hours("11:59", "13:00")])]
    assert errors(mentor, weekly=weekly) == {"weekly[2].slots[1]": "This overlaps 09:00–12:00."}


def test_a_night_may_not_run_into_the_next_morning(mentor: Mentor) -> None:
    weekly = [Day(0, [Hours("01:00", "03:00")]), Day(6, [NIGHT])]
    assert errors(mentor, weekly=weekly) == {"weekly[1].slots[0]": "This overlaps 01:00–03:00."}
    overrides = [Date(CHRISTMAS, [NIGHT]), Date(BOXING_DAY, [Hours("01:00", "03:00")])]
    assert errors(mentor, overrides=overrides) == {
        "overrides[1].slots[0]": "This overlaps 22:00–02:00."
    }


def test_equal_ends_are_refused(mentor: Mentor) -> None:
    assert errors(mentor, weekly=[Day(0, [Hours("09:00", "09:00")])]) == {
        "weekly[0].slots[0]": "The end is the same as the start."
    }


def test_nothing_begins_at_24(mentor: Mentor) -> None:
    assert errors(mentor, overrides=[Date(CHRISTMAS, [Hours("24:00", "02:00")])]) == {
        "overrides[0].slots[0]": "A range begins before 24:00."
    }


def test_a_date_is_not_both_blocked_and_open(mentor: Mentor) -> None:
    assert errors(mentor, overrides=[Date(CHRISTMAS), Date(CHRISTMAS, [MORNING])]) == {
        "overrides[1].date": "This date is blocked as well. Choose one of the two."
    }


def test_zones_and_days_that_do_not_exist_are_refused(mentor: Mentor) -> None:
    weekly = [Day(7, [MORNING]), Day(-1, [])]
    assert errors(mentor, weekly=weekly, timezone="Mars/Olympus") == {
        "timezone": "We do not know that time zone.",
        "weekly[0].day": "Days go from 0, Monday, to 6, Sunday.",
        "weekly[1].day": "Days go from 0, Monday, to 6, Sunday.",
    }


def test_there_is_an_end_to_how_many(mentor: Mentor) -> None:
    many = [Hours(f"{hour:02}:00", f"{hour:02}:30") for hour in range(21)]
    assert errors(mentor, weekly=[Day(0, many)]) == {"weekly": "A day can have at most 20 ranges."}
    assert errors(mentor, overrides=[Date(CHRISTMAS, many)]) == {
        "overrides": "A day can have at most 20 ranges."
    }
    dates = [Date(date.fromordinal(740_000 + day)) for day in range(401)]
    assert errors(mentor, overrides=dates) == {
        "overrides": "At most 400 dates can have hours of their own."
    }


def test_a_refused_schedule_changes_nothing(mentor: Mentor) -> None:
    before = replaced(mentor, [Day(0, [MORNING])])
    errors(mentor, weekly=[Day(1, [EVENING])], timezone="Mars/Olympus")
    assert schedule.read(Mentor.objects.get(pk=mentor.pk)) == before


def test_a_date_gets_other_hours_and_back(mentor: Mentor) -> None:
    replaced(mentor, [Day(4, [MORNING])], [Date(BOXING_DAY)])
    how: Any = {"by": mentor.person, "now": NOW}
    read = schedule.set_dates(mentor.pk, first=CHRISTMAS, last=CHRISTMAS, slots=[EVENING], **how)
    assert read.overrides == [Date(CHRISTMAS, [EVENING]), Date(BOXING_DAY, [])]
    read = schedule.set_dates(mentor.pk, first=CHRISTMAS, last=CHRISTMAS, slots=[], **how)
    assert read.overrides == [Date(CHRISTMAS, []), Date(BOXING_DAY, [])]
    read = schedule.clear_dates(mentor.pk, first=CHRISTMAS, last=CHRISTMAS, **how)
    assert read.overrides == [Date(BOXING_DAY, [])]
    assert read.weekly == [Day(4, [MORNING])]


def test_a_holiday_is_one_step(mentor: Mentor) -> None:
    replaced(mentor, [], [Date(BOXING_DAY, [MORNING])])
    how: Any = {"by": mentor.person, "now": NOW, "slots": []}
    first, last = date(2026, 12, 24), date(2027, 1, 6)
    read = schedule.set_dates(mentor.pk, first=first, last=last, **how)
    assert [(each.on, each.slots) for each in read.overrides] == [
        (date.fromordinal(day), []) for day in range(first.toordinal(), last.toordinal() + 1)
    ]
    for wrong in (date(2026, 12, 23), date(2028, 12, 24)):
        with pytest.raises(Invalid) as refusal:
            schedule.set_dates(mentor.pk, first=first, last=wrong, **how)
        assert [line["field"] for line in refusal.value.data["errors"]] == ["last"]


def test_another_week_keeps_the_dates(mentor: Mentor) -> None:
    replaced(mentor, [Day(4, [MORNING])], [Date(BOXING_DAY)])
    read = schedule.set_week(
        mentor.pk, timezone="UTC", weekly=[Day(0, [EVENING])], by=mentor.person, now=NOW
    )
    assert read == Schedule("UTC", [Day(0, [EVENING])], [Date(BOXING_DAY, [])])


def test_a_stranger_changes_no_hours(mentor: Mentor) -> None:
    zoe = Person.objects.create_user("zoe@example.com", name="Zoe")
    with pytest.raises(NotFound):
        schedule.clear_dates(mentor.pk, first=CHRISTMAS, last=CHRISTMAS, by=zoe, now=NOW)
