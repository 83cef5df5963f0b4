"""What staff see and do in the admin: applications, profiles, accounts."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from openmentor.availability.models import DateOverride, WeeklyHours
from openmentor.base import events
from openmentor.base.models import Event
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import AccessToken, Person, SignIn, Tries
from tests import make

pytestmark = pytest.mark.django_db
MENTORS = "/admin/mentors/mentor/"
TABLES = (Person, SignIn, AccessToken, Tries, Mentor, SessionType, WeeklyHours, DateOverride, Event)


@pytest.fixture
def stella() -> Person:
    return make.person("Stella Onyango", is_staff=True, is_superuser=True)


@pytest.fixture
def browser(stella: Person) -> Client:
    browser = Client()
    browser.force_login(stella)
    return browser


def judged(browser: Client, action: str, mentor: Mentor, **more: str) -> str:
    data = {"action": action, "_selected_action": [mentor.pk], **more}
    answer = browser.post(MENTORS, data, follow=True)
    mentor.refresh_from_db()
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_every_table_can_be_seen_and_searched(
    model: Any, browser: Client, maya: Mentor, tom: Person
) -> None:
    DateOverride.objects.create(mentor=maya, on="2026-12-25")
    events.record("x.happened", subject="x", subject_id=1, actor_id=None, at=make.APPROVED_AT)
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    assert browser.get(address).status_code == 200
    assert browser.get(f"{address}?q=maya").status_code == 200
    if row := model.objects.first():
        assert browser.get(f"{address}{row.pk}/change/").status_code == 200
    assert browser.get(f"{address}add/").status_code == 403


def test_an_application_is_approved(browser: Client, stella: Person, maya: Mentor) -> None:
    Mentor.objects.filter(pk=maya.pk).update(status="applied", approved_at=None)
    assert judged(browser, "approve", maya) == "maya-rao is approved."
    assert (maya.status, maya.approved_at is not None) == ("approved", True)
    event = events.history("mentor", maya.pk)[-1]
    assert (event.name, event.actor_id) == ("mentor.approved", stella.pk)


def test_a_rejection_needs_its_reason(browser: Client, maya: Mentor) -> None:
    assert judged(browser, "reject", maya) == "maya-rao: Please tell the mentor why."
    assert maya.status == "approved"
    judged(browser, "reject", maya, reason="Spam.")
    assert (maya.status, maya.status_reason) == ("rejected", "Spam.")


def test_what_is_not_possible_is_said(browser: Client, maya: Mentor) -> None:
    said = judged(browser, "approve", maya)
    assert said == "maya-rao: This mentor is approved, so it cannot become approved."


def test_staff_pause_and_resume(browser: Client, maya: Mentor) -> None:
    judged(browser, "pause", maya)
    assert maya.is_paused
    judged(browser, "resume", maya)
    assert not maya.is_paused


def test_a_profile_is_saved_by_the_verb(browser: Client, stella: Person, maya: Mentor) -> None:
    address = f"{MENTORS}{maya.pk}/change/"
    form = browser.get(address).context["adminform"].form
    fields = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in fields.items()}
    answer = browser.post(address, data | {"headline": " Better ", "status": "rejected"})
    assert answer.status_code == 302, answer.context["errors"]
    maya.refresh_from_db()
    assert (maya.headline, maya.status) == ("Better", "approved")
    event = events.history("mentor", maya.pk)[-1]
    assert (event.name, event.actor_id, event.data) == (
        "mentor.updated",
        stella.pk,
        {"fields": ["headline"]},
    )
    wrong = browser.post(address, data | {"timezone": "Mars", "currency": "???"})
    assert sorted(wrong.context["adminform"].form.errors) == ["currency", "timezone"]


def test_a_session_type_is_switched_off(browser: Client, introduction: SessionType) -> None:
    for action, active in (("switch_off", False), ("switch_on", True)):
        data = {"action": action, "_selected_action": [introduction.pk]}
        browser.post("/admin/mentors/sessiontype/", data)
        introduction.refresh_from_db()
        assert introduction.is_active is active


def test_an_account_is_closed(browser: Client, zoe: Person) -> None:
    data = {"action": "close_accounts", "_selected_action": [zoe.pk]}
    browser.post("/admin/people/person/", data)
    zoe.refresh_from_db()
    assert not zoe.is_active


def test_only_a_superuser_gives_power(zoe: Person) -> None:
    helper = make.person("Helper", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(content_type__app_label="people"))
    browser = Client()
    browser.force_login(helper)
    browser.post(f"/admin/people/person/{helper.pk}/change/", {"is_superuser": "on"})
    helper.refresh_from_db()
    assert not helper.is_superuser


@pytest.mark.parametrize("mentors", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    mentors: int, browser: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(mentors):
        make.mentor()
    with django_assert_num_queries(6):  # sign-in twice; currencies, two counts, the rows
        browser.get(MENTORS)


def test_nobody_else_comes_in(maya: Mentor) -> None:
    browser = Client()
    browser.force_login(maya.person)
    assert browser.get(MENTORS).status_code == 302
