"""`manage.py slots`: a scenario in, free starts out; anything unclear is named and refused."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest

from openmentor.availability import scenario

ROOT = Path(__file__).resolve().parent.parent.parent

SPRING: dict[str, Any] = {
    "timezone": "Europe/London",
    "weekly": [{"days": [0, 1, 2, 3, 4, 5, 6], "start": "00:30", "end": "03:00"}],
    "overrides": [{"date": "2026-03-30", "blocked": True}],
    "busy": [{"start": "2026-03-28T01:00:00Z", "end": "2026-03-28T01:30:00Z"}],
    "now": "2026-03-01T00:00:00Z",
    "duration": 60,
    "step": 30,
    "from": "2026-03-28T00:00:00Z",
    "to": "2026-03-31T00:00:00Z",
}

ANSWER: dict[str, Any] = {
    "starts": [
        "2026-03-28T01:30:00Z",
        "2026-03-28T02:00:00Z",
        "2026-03-29T00:30:00Z",
        "2026-03-29T01:00:00Z",
        "2026-03-30T23:30:00Z",
    ],
    "ranges": [
        {"start": "2026-03-28T00:30:00Z", "end": "2026-03-28T01:00:00Z"},
        {"start": "2026-03-28T01:30:00Z", "end": "2026-03-28T03:00:00Z"},
        {"start": "2026-03-29T00:30:00Z", "end": "2026-03-29T02:00:00Z"},
        {"start": "2026-03-30T23:30:00Z", "end": "2026-03-31T00:00:00Z"},
    ],
}


def command(text: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """The command on a machine whose database is out of reach."""
    return subprocess.run(
        [sys.executable, "manage.py", "slots"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
            "OPENMENTOR_DATA": str(tmp_path),
        },
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def asked(**changes: Any) -> dict[str, Any]:
    return json.loads(scenario.answer(json.dumps(SPRING | changes)))  # type: ignore[no-any-return]  # JSON


def refusal(question: object) -> tuple[str, str]:
    with pytest.raises(scenario.ScenarioError) as caught:
        scenario.answer(json.dumps(question))
    return caught.value.field, caught.value.detail


def test_the_command_answers_a_scenario_without_a_database(tmp_path: Path) -> None:
    done = command(json.dumps(SPRING), tmp_path)
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, ANSWER, "")


def test_the_command_names_the_field_that_is_wrong(tmp_path: Path) -> None:
    done = command(json.dumps([SPRING, SPRING | {"duration": 0}]), tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert json.loads(done.stderr) == {
        "code": "invalid",
        "field": "[1].duration",
        "detail": "Input should be greater than or equal to 1",
    }


@pytest.mark.parametrize("text", ["", "{", "nonsense", "[" * 100_000, '{"a": 1' + "0" * 5000 + "}"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(scenario.ScenarioError) as caught:
        scenario.answer(text)
    assert caught.value.detail.startswith("This is not JSON")
    assert caught.value.as_json().count("\n") == 0


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(scenario.ScenarioError, match="This is not JSON"):
        scenario.answer(b"\xff\xfe\xff")


def test_a_list_of_scenarios_gives_a_list_of_answers() -> None:
    assert json.loads(scenario.answer(json.dumps([SPRING, SPRING]))) == [ANSWER, ANSWER]
    assert json.loads(scenario.answer("[]")) == []


def test_what_may_be_left_out_is_nothing_and_the_step_is_the_duration() -> None:
    question = {name: SPRING[name] for name in ("timezone", "now", "duration", "from", "to")}
    assert json.loads(scenario.answer(json.dumps(question))) == {"starts": [], "ranges": []}
    starts = asked(step=None, busy=None, overrides=None, min_notice_minutes=None)["starts"]
    assert starts[:4] == [
        "2026-03-28T00:30:00Z",
        "2026-03-28T01:30:00Z",
        "2026-03-29T00:30:00Z",
        "2026-03-29T23:30:00Z",
    ]


def test_a_start_equal_to_now_and_notice_is_bookable() -> None:
    noticed = asked(now="2026-03-28T00:30:00Z", min_notice_minutes=60)["starts"]
    assert noticed == ANSWER["starts"]
    too_late = asked(now="2026-03-28T00:30:00.001Z", min_notice_minutes=60)["starts"]
    assert too_late == ANSWER["starts"][1:]


def test_the_window_holds_its_start_and_not_its_end() -> None:
    window: dict[str, Any] = {"from": "2026-03-28T02:00:00Z", "to": "2026-03-29T01:00:00Z"}
    assert asked(**window)["starts"] == ["2026-03-28T02:00:00Z", "2026-03-29T00:30:00Z"]
    assert asked(**window)["ranges"] == [
        {"start": "2026-03-28T02:00:00Z", "end": "2026-03-28T03:00:00Z"},
        {"start": "2026-03-29T00:30:00Z", "end": "2026-03-29T01:00:00Z"},
    ]


def test_buffers_keep_their_distance_and_ranges_do_not_show_them() -> None:
    buffered = asked(buffer_before=15, buffer_after=15)
    assert buffered["starts"] == ANSWER["starts"][1:]
    assert buffered["ranges"] == ANSWER["ranges"]


def test_instants_may_have_offsets_seconds_and_fractions() -> None:
    busy = [{"start": "2026-03-28T06:30:00.5+05:30", "end": "2026-03-28T06:59:59.5+05:30"}]
    assert asked(busy=busy)["starts"] == ANSWER["starts"]


def test_equal_ends_are_empty_and_an_end_before_its_start_crosses_midnight() -> None:
    window: dict[str, Any] = {
        "from": "2026-06-01T00:00:00Z",
        "to": "2026-06-03T00:00:00Z",
        "duration": 120,
    }
    equal = [{"days": [0], "start": "09:00", "end": "09:00"}]
    assert asked(weekly=equal, **window) == {"starts": [], "ranges": []}
    crossing = [{"days": [0], "start": "23:00", "end": "01:00"}]
    assert asked(weekly=crossing, **window)["starts"] == ["2026-06-01T22:00:00Z"]


def test_hours_of_an_override_replace_those_of_its_date() -> None:
    other = [{"date": "2026-03-30", "start": "10:00", "end": "11:00"}]
    assert asked(overrides=other)["starts"][4:] == ["2026-03-30T09:00:00Z", "2026-03-30T23:30:00Z"]
    blocked_too = [*other, {"date": "2026-03-30", "blocked": True}]
    assert asked(overrides=blocked_too) == ANSWER


def test_every_zone_and_alias_is_known() -> None:
    names = available_timezones() - {"Factory", "localtime"}
    question = [SPRING | {"timezone": name} for name in sorted(names)]
    assert len(json.loads(scenario.answer(json.dumps(question)))) == len(names) > 500


def test_five_years_are_answered_and_eleven_are_not() -> None:
    assert len(asked(to="2031-03-28T00:00:00Z")["starts"]) == 4 * 1826 - 4 - 2
    field, detail = refusal(SPRING | {"to": "2037-03-28T00:00:00Z"})
    assert (field, detail) == ("to", "must be at most 3653 days (ten years) after from")


RANGE = SPRING["weekly"][0]
BACKWARDS = {"start": "2026-03-28T02:00Z", "end": "2026-03-28T01:00Z"}
NO_ZONE = "must be the name of a time zone, such as Asia/Kolkata"
NO_INSTANT = "must be an instant such as 2026-03-29T09:00:00Z"
NO_HOURS = "needs start and end, or blocked"
NO_DATE = "must be a date such as 2026-03-29"
NO_TIME = "'9am' is not a time from 00:00 to 24:00"
NOT_A_DAY = "Input should be less than or equal to 6"


@pytest.mark.parametrize(
    ("change", "field", "detail"),
    [
        ({"timezone": "Europe/Londn"}, "timezone", NO_ZONE),
        ({"timezone": "../etc/passwd"}, "timezone", NO_ZONE),
        ({"timezone": None}, "timezone", "Field required"),
        ({"now": "2026-03-01T00:00:00"}, "now", "must end with Z or an offset such as +05:30"),
        ({"now": 5}, "now", NO_INSTANT),
        ({"now": "9999-12-31T23:59:59Z"}, "now", "must lie between the years 1800 and 2999"),
        ({"from": "tomorrow"}, "from", NO_INSTANT),
        ({"to": "2026-03-27T00:00:00Z"}, "to", "must not be before from"),
        ({"duration": True}, "duration", "Input should be a valid integer"),
        ({"duration": "60"}, "duration", "Input should be a valid integer"),
        ({"duration": 10**20}, "duration", "Input should be less than or equal to 5260320"),
        ({"step": 0}, "step", "Input should be greater than or equal to 1"),
        ({"buffer_before": -1}, "buffer_before", "Input should be greater than or equal to 0"),
        ({"buffer_befor": 5}, "buffer_befor", "Extra inputs are not permitted"),
        ({"weekly": {}}, "weekly", "Input should be a valid list"),
        ({"weekly": [RANGE, RANGE | {"days": [7]}]}, "weekly[1].days[0]", NOT_A_DAY),
        ({"weekly": [RANGE | {"start": "9am"}]}, "weekly[0].start", NO_TIME),
        ({"weekly": [RANGE | {"start": "24:00"}]}, "weekly[0].start", "must be before 24:00"),
        ({"overrides": [{"date": "2026-02-30"}]}, "overrides[0].date", NO_DATE),
        ({"overrides": [{"date": "2026-02-28"}]}, "overrides[0]", NO_HOURS),
        ({"busy": [BACKWARDS]}, "busy[0].end", "must not be before start"),
    ],
)  # fmt: skip
def test_a_scenario_that_is_unclear_is_refused_with_its_field(
    change: dict[str, Any], field: str, detail: str
) -> None:
    assert refusal(SPRING | change) == (field, detail)


def test_what_is_not_a_scenario_is_refused() -> None:
    assert refusal(5)[0] == ""
    assert refusal([[SPRING]])[0] == "[0]"
