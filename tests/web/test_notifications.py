"""The bell, the list behind it, what comes by mail, and the demo's mailbox."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from openmentor.booking.models import Session
from openmentor.delivery import preferences
from openmentor.delivery.kinds import Topic
from openmentor.delivery.models import Message, Notification
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api
from tests.cast import NOW
from tests.telling import tell
from tests.web.browser import signed_in


@pytest.fixture
def session(maya: Mentor, tom: Person, now: datetime) -> Session:
    booked = make.booked(maya, tom, starts_at=NOW + timedelta(hours=70), now=now)
    tell(now)
    return booked


def test_the_bell_counts_what_is_new_until_it_is_read(session: Session, maya: Mentor) -> None:
    browser = signed_in(maya.person)
    assert "1 new" in browser.get("/notifications/unread").content.decode()
    note = Notification.objects.get(person=maya.person)
    answer = browser.get(f"/notifications/{note.reference}")
    assert (answer.status_code, answer["Location"]) == (302, f"/sessions/{session.reference}")
    assert browser.get("/notifications/unread").content.decode().strip() == ""


def test_the_bell_is_on_every_page_of_who_is_signed_in(session: Session, tom: Person) -> None:
    assert 'hx-get="/notifications/unread"' in signed_in(tom).get("/my-sessions").content.decode()
    assert "/notifications/unread" not in Client().get("/mentors").content.decode()


def test_all_are_read_at_once(session: Session, maya: Mentor) -> None:
    browser = signed_in(maya.person)
    assert "booked a session with you." in browser.get("/notifications").content.decode()
    browser.post("/notifications/read")
    page = browser.get("/notifications").content.decode()
    assert ("Nothing new" in page, "Mark all as read" in page) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_as_often_for_many(
    maya: Mentor, tom: Person, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        make.booked(maya, tom, starts_at=NOW + timedelta(hours=70 + number), now=NOW)
    tell(NOW)
    browser = signed_in(maya.person)
    with django_assert_num_queries(6):
        assert browser.get("/notifications").status_code == 200


def test_the_api_lists_and_reads(session: Session, maya: Mentor, zoe: Person) -> None:
    with time_machine.travel(NOW, tick=False):
        api = Api(maya.person)
        listed = api.get("/notifications").json()
        [note] = listed["items"]
        assert (listed["unread"], note["path"]) == (1, f"/sessions/{session.reference}")
        assert Api(zoe).post("/notifications/read", {"ids": [note["id"]]}).json() == {"unread": 0}
        assert api.get("/notifications").json()["unread"] == 1
        assert api.post("/notifications/read", {"ids": [note["id"]]}).json() == {"unread": 0}


def test_people_choose_what_comes_by_mail(tom: Person) -> None:
    browser = signed_in(tom)
    browser.post("/account/notifications", {"topics": ["groups"]})
    assert preferences.wanted(tom) == ["groups"]
    page = browser.get("/account/notifications").content.decode()
    assert page.count(" checked") == 1


def test_the_way_out_needs_no_sign_in_and_a_look_changes_nothing(tom: Person) -> None:
    path = "/unsubscribe/" + preferences.way_out(tom, Topic.REMINDERS).rpartition("/")[2]
    strict = Client(enforce_csrf_checks=True)
    assert "Send me no more" in strict.get(path).content.decode()
    assert preferences.wants(tom, Topic.REMINDERS)
    strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert not preferences.wants(tom, Topic.REMINDERS)


def test_a_made_up_way_out_is_not_found(db: None) -> None:
    assert Client().post("/unsubscribe/abc:def:ghi").status_code == 404


def test_the_mailbox_shows_each_reader_their_own_mails(
    session: Session, tom: Person, zoe: Person, staff: Person, settings: Settings
) -> None:
    settings.DEMO = True
    mail = Message.objects.get(person=tom, kind="booked")
    path = f"/mailbox/{mail.reference}"
    browser = signed_in(tom)
    assert mail.subject in browser.get("/mailbox").content.decode()
    assert "BEGIN:VCALENDAR" in browser.get(path).content.decode()
    look = browser.get(f"{path}/look")
    assert "script-src" not in look["Content-Security-Policy"]
    assert "default-src 'none'" in look["Content-Security-Policy"]
    assert signed_in(zoe).get(path).status_code == 404
    assert signed_in(staff).get(path).status_code == 200


def test_staff_sends_again_in_the_admin(session: Session, tom: Person, staff: Person) -> None:
    Person.objects.filter(pk=staff.pk).update(is_superuser=True)
    mail = Message.objects.get(person=tom, kind="booked")
    form = {"action": "send_again", "_selected_action": [mail.pk]}
    browser = signed_in(staff)
    answer = browser.post("/admin/delivery/message/", form, follow=True).content.decode()
    assert f"{mail.reference} goes out again." in answer
    assert Message.objects.filter(person=tom, kind="booked", state="queued", copy=1).count() == 1
