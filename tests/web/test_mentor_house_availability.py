"""The availability editor: the week, the dates that differ, the rules, and the preview."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from openmentor.availability import schedule
from openmentor.availability.entries import Date, Day, Hours
from openmentor.base import clock
from openmentor.mentors.models import Mentor
from tests import make
from tests.web.browser import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
PAGE, DATES = "/mentor/availability", "/mentor/availability/dates"
HTMX = {"HX-Request": "true"}
MORNING, EVENING = ("09:00", "12:00"), ("18:00", "21:00")
RULES = {
    "min_notice_minutes": "120",
    "horizon_days": "30",
    "step_minutes": "15",
    "buffer_before": "5",
    "buffer_after": "10",
    "max_per_day": "",
    "max_per_week": "12",
    "confirmation": "approval",
    "pending_requests_hold_time": "on",
}


@pytest.fixture(autouse=True)
def at_noon_in_india(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def browser(maya: Mentor) -> Client:
    return signed_in(maya.person)


def typed(do: str = "save", zone: str = "Asia/Kolkata", **days: Any) -> dict[str, Any]:
    """The week's form; `monday=[("09:00", "12:00")]` by number: `d0=[…]`."""
    fields: dict[str, Any] = {"do": do, "timezone": zone}
    for day, rows in days.items():
        fields[f"start-{day[1:]}"] = [start for start, _ in rows]
        fields[f"end-{day[1:]}"] = [end for _, end in rows]
    return fields


def rows(answer: Any, day: int = 0) -> list[tuple[str, str]]:
    return [(row.start, row.end) for row in answer.context["week"].days[day].rows]


def kept(maya: Mentor) -> schedule.Schedule:
    return schedule.read(Mentor.objects.get(pk=maya.pk))


def test_the_page_shows_what_is_kept(browser: Client) -> None:
    answer = browser.get(PAGE)
    assert answer.status_code == 200
    assert rows(answer) == [("09:00", "17:00")]
    assert rows(answer, 6) == []


def test_a_week_is_saved(browser: Client, maya: Mentor) -> None:
    answer = browser.post(PAGE, typed(zone="Asia/Tokyo", d0=[EVENING, MORNING, ("", "")]))
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert (kept(maya).timezone, kept(maya).weekly) == (
        "Asia/Tokyo",
        [Day(0, [Hours(*MORNING), Hours(*EVENING)])],
    )


def test_midnight_is_the_end_of_the_day(browser: Client, maya: Mentor) -> None:
    browser.post(
        PAGE, typed(d0=[("00:00", "00:00")], d2=[("22:00", "00:00")], d4=[("22:00", "02:00")])
    )
    assert kept(maya).weekly == [
        Day(0, [Hours("00:00", "24:00")]),
        Day(2, [Hours("22:00", "24:00")]),
        Day(4, [Hours("22:00", "02:00")]),
    ]
    answer = browser.get(PAGE)
    assert rows(answer) == [("00:00", "00:00")]
    assert [
        row.is_overnight for day in (0, 2, 4) for row in answer.context["week"].days[day].rows
    ] == [
        False,
        False,
        True,
    ]


def test_buttons_change_the_form_and_save_nothing(browser: Client, maya: Mentor) -> None:
    before = kept(maya)
    week: Any = {"d0": [MORNING, EVENING], "d1": [("10:00", "")]}
    assert rows(browser.post(PAGE, typed("add-0", **week))) == [MORNING, EVENING, ("", "")]
    assert rows(browser.post(PAGE, typed("add-6", **week)), 6) == [("09:00", "17:00")]
    assert rows(browser.post(PAGE, typed("remove-0-0", **week))) == [EVENING]
    assert rows(browser.post(PAGE, typed("remove-0-9", **week))) == [MORNING, EVENING]
    copied = browser.post(PAGE, typed("copy-0-workdays", **week))
    assert [rows(copied, day) for day in (1, 4, 5)] == [[MORNING, EVENING]] * 2 + [[]]
    copied = browser.post(PAGE, typed("copy-1-all", **week))
    assert [rows(copied, day) for day in (0, 1, 6)] == [[("10:00", "")]] * 3
    assert kept(maya) == before


def test_htmx_gets_only_the_week(browser: Client) -> None:
    part = browser.post(PAGE, typed("add-0"), headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="week"')
    assert "data-focus" in part


def test_an_overlap_is_said_at_its_row_and_everything_typed_stays(
    browser: Client, maya: Mentor
) -> None:
    before = kept(maya)
    answer = browser.post(
        PAGE, typed(d2=[("", ""), MORNING, ("11:00", "13:00")], d5=[("9", "10:00")])
    )
    assert answer.status_code == 422
    assert rows(answer, 2) == [("", ""), MORNING, ("11:00", "13:00")]
    mistakes = [row.mistake for row in answer.context["week"].days[2].rows]
    assert mistakes == ["", "", "This overlaps 09:00–12:00."]
    assert answer.context["week_mistakes"] == [
        "Saturday: Write a time such as 09:00.",
        "Wednesday: This overlaps 09:00–12:00.",
    ]
    assert 'aria-describedby="mistake-2-3"' in answer.content.decode()
    assert kept(maya) == before


def test_an_unknown_zone_is_refused(browser: Client) -> None:
    answer = browser.post(PAGE, typed(zone="Mars/Olympus", d0=[MORNING]))
    assert answer.status_code == 422
    assert answer.context["week_mistakes"] == ["We do not know that time zone."]
    assert rows(answer) == [MORNING]


def test_a_holiday_is_blocked_shown_as_one_and_taken_back(browser: Client, maya: Mentor) -> None:
    holiday = {"first": "2026-03-09", "last": "2026-03-13", "kind": "blocked", "do": "save"}
    assert browser.post(DATES, holiday)["Location"] == PAGE
    assert [each.on.day for each in kept(maya).overrides] == [9, 10, 11, 12, 13]
    (shown,) = browser.get(PAGE).context["upcoming"]
    assert (shown.first, shown.last, shown.slots) == (date(2026, 3, 9), date(2026, 3, 13), [])
    browser.post(f"{DATES}/clear", {"first": "2026-03-09", "last": "2026-03-12"})
    assert kept(maya).overrides == [Date(date(2026, 3, 13), [])]


def test_a_date_gets_other_hours_and_can_be_edited(browser: Client, maya: Mentor) -> None:
    fields = {
        "first": "2026-03-09",
        "kind": "hours",
        "start-date": ["10:00", ""],
        "end-date": ["00:00", ""],
        "do": "save",
    }
    browser.post(DATES, fields)
    assert kept(maya).overrides == [Date(date(2026, 3, 9), [Hours("10:00", "24:00")])]
    form = browser.get(f"{PAGE}?date=2026-03-09").context["dates"]
    assert (form["first"].value(), form["last"].value()) == (date(2026, 3, 9), None)
    assert (form["kind"].value(), form.hours.rows[0].end) == ("hours", "00:00")


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"first": ""}, ["first"]),
        ({"first": "soon"}, ["first"]),
        ({"kind": "hours"}, ["kind"]),
        ({"last": "2026-03-08"}, ["last"]),
        ({"last": "2029-03-08"}, ["last"]),
        ({"kind": "hours", "start-date": ["10:00"], "end-date": ["10:00"]}, ["kind"]),
        ({"kind": "hours", "start-date": ["10:00"], "end-date": [""]}, ["kind"]),
    ],
)
def test_a_date_that_makes_no_sense_is_said_at_its_field(
    browser: Client, maya: Mentor, fields: Any, errors: list[str]
) -> None:
    answer = browser.post(DATES, {"first": "2026-03-09", "kind": "blocked"} | fields)
    assert answer.status_code == 422
    assert list(answer.context["dates"].errors) == errors
    assert kept(maya).overrides == []


def test_the_dates_form_has_buttons_too(browser: Client, maya: Mentor) -> None:
    fields = {"kind": "hours", "start-date": ["10:00"], "end-date": ["11:00"]}
    for do, expected in (("add-date", ["10:00", ""]), ("remove-date-0", ["09:00"])):
        answer = browser.post(DATES, fields | {"do": do}, headers=HTMX)
        assert answer.status_code == 200
        starts = [row.start for row in answer.context["dates"].hours.rows]
        assert starts == (expected if do == "add-date" else [])
    assert kept(maya).overrides == []


def test_clearing_needs_dates(browser: Client) -> None:
    assert browser.post(f"{DATES}/clear", {"first": "x"}).status_code == 422


def test_rules_are_saved(browser: Client, maya: Mentor) -> None:
    assert browser.post(f"{PAGE}/rules", RULES)["Location"] == PAGE
    maya.refresh_from_db()
    assert (maya.min_notice_minutes, maya.horizon_days, maya.step_minutes) == (120, 30, 15)
    assert (maya.buffer_before, maya.buffer_after) == (5, 10)
    assert (maya.max_per_day, maya.max_per_week) == (None, 12)
    assert (maya.confirmation, maya.pending_requests_hold_time) == ("approval", True)
    browser.post(f"{PAGE}/rules", RULES | {"min_notice_minutes": "none", "step_minutes": "none"})
    maya.refresh_from_db()
    assert (maya.min_notice_minutes, maya.step_minutes) == (None, None)


def test_wrong_rules_are_said_at_their_fields(browser: Client, maya: Mentor) -> None:
    wrong = {"horizon_days": "0", "max_per_day": "x", "buffer_after": "7", "step_minutes": ""}
    answer = browser.post(f"{PAGE}/rules", RULES | wrong)
    assert answer.status_code == 422
    assert sorted(answer.context["rules"].errors) == sorted(wrong)
    maya.refresh_from_db()
    assert maya.horizon_days == 60


def test_what_the_api_keeps_can_be_chosen_in_the_form(browser: Client, maya: Mentor) -> None:
    Mentor.objects.filter(pk=maya.pk).update(min_notice_minutes=90, buffer_after=7)
    form = browser.get(PAGE).context["rules"]
    assert (form["min_notice_minutes"].value(), form["buffer_after"].value()) == (90, 7)
    answer = browser.post(
        f"{PAGE}/rules", RULES | {"min_notice_minutes": "90", "buffer_after": "7"}
    )
    assert answer.status_code == 303


def test_the_preview_is_what_a_visitor_in_that_zone_sees(browser: Client, maya: Mentor) -> None:
    (introduction,) = maya.session_types.all()
    other = make.session_type(maya, title="Long", minutes=240)
    seen = browser.get(f"{PAGE}?zone=America/New_York&type={other.reference}").context["preview"]
    assert (seen.chosen, seen.zone.key, len(seen.days)) == (other, "America/New_York", 7)
    first = seen.days[0]
    assert first.on == date(2026, 3, 2)  # Tuesday nine o'clock in Kolkata is Monday evening there
    assert [f"{at:%H:%M}" for at in first.times] == ["22:30"]
    part = browser.get(f"{PAGE}?zone=Asia/Kolkata", headers=HTMX)
    assert part.content.decode().lstrip().startswith('<div id="preview"')
    seen = part.context["preview"]
    assert (seen.chosen, len(seen.days[0].times), seen.days[0].more) == (introduction, 8, 8)


def test_a_paused_mentor_still_sees_the_preview(browser: Client, maya: Mentor) -> None:
    Mentor.objects.filter(pk=maya.pk).update(paused_at=NOW)
    assert len(browser.get(PAGE).context["preview"].days) == 7


@pytest.mark.parametrize("entries", [1, 3])
def test_the_page_costs_the_same_however_much_is_in_it(
    entries: int, browser: Client, maya: Mentor, django_assert_num_queries: Any
) -> None:
    for number in range(entries):
        make.session_type(maya)
        day = NOW.date() + timedelta(days=2 * number)
        how: Any = {"by": maya.person, "now": NOW, "slots": []}
        schedule.set_dates(maya.pk, first=day, last=day, **how)
    # sign-in twice, the mentor; the week, the dates; offers, diary
    with django_assert_num_queries(7):
        browser.get(PAGE)
