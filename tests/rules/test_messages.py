"""Who is told what, when, and that it is true when it is sent."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from icalendar import Calendar
from pytest_django.fixtures import Settings

from openmentor.base.errors import NotPossible
from openmentor.booking import requests, sessions, settlement
from openmentor.booking.models import Session
from openmentor.delivery import preferences, resending
from openmentor.delivery.kinds import Topic
from openmentor.delivery.models import Message, Notification
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.telling import kinds, last_mail, send, tell

TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
THURSDAY = TUESDAY_AT_TEN + timedelta(days=2)


@pytest.fixture
def session(maya: Mentor, tom: Person, now: datetime) -> Session:
    return make.booked(maya, tom, starts_at=THURSDAY, now=now)


def test_both_sides_hear_of_a_booking(
    session: Session, tom: Person, maya: Mentor, now: datetime
) -> None:
    sent = tell(now)
    assert kinds(sent, tom) == ["booked"]
    assert kinds(sent, maya.person) == ["booked_with_you"]
    assert tell(now) == []


def test_only_what_others_did_is_a_notification(
    session: Session, tom: Person, maya: Mentor, now: datetime
) -> None:
    tell(now)
    [note] = Notification.objects.all()
    assert (note.person, note.text) == (maya.person, f"{tom.name} booked a session with you.")
    assert (note.path, note.about_at) == (f"/sessions/{session.reference}", THURSDAY)


def test_a_mail_says_when_on_both_clocks(session: Session, tom: Person, now: datetime) -> None:
    [to_tom] = Message.objects.filter(pk__in=[each.pk for each in tell(now)], person=tom)
    assert to_tom.subject == "Booked: Introduction with Maya Rao, Thu 5 Mar, 04:30 GMT"
    for words in (
        "Thursday 5 March 2026",
        "04:30–05:00 Europe/London (GMT)",
        "10:00–10:30 for Maya in Asia/Kolkata (IST)",
    ):
        assert words in to_tom.text
        assert words in to_tom.html


def test_a_moved_session_is_told_with_its_old_time(
    session: Session, tom: Person, maya: Mentor, now: datetime
) -> None:
    tell(now)
    sessions.reschedule(session.reference, by=tom, starts_at=THURSDAY + timedelta(hours=1), now=now)
    sent = tell(now)
    assert (kinds(sent, tom), kinds(sent, maya.person)) == (["moved"], ["moved"])
    assert "Before: Thu 5 Mar, 04:30 GMT" in sent[-1].text or "10:00 IST" in sent[-1].text


def test_a_cancelled_session_is_told_once_to_each_with_the_reason(
    session: Session, tom: Person, maya: Mentor, now: datetime
) -> None:
    tell(now)
    sessions.cancel(session.reference, by=maya.person, reason="I am ill", now=now)
    sent = tell(now)
    assert (kinds(sent, tom), kinds(sent, maya.person)) == (["place_gone"], ["called_off"])
    assert all("> I am ill" in message.text for message in sent)


def test_what_is_not_true_any_more_is_not_sent(
    session: Session, tom: Person, maya: Mentor, now: datetime
) -> None:
    """Booked, moved and cancelled while no worker ran: one mail each, about the end."""
    sessions.reschedule(session.reference, by=tom, starts_at=THURSDAY + timedelta(hours=1), now=now)
    sessions.cancel(session.reference, by=tom, now=now)
    sent = tell(now + timedelta(minutes=1))
    assert (kinds(sent, tom), kinds(sent, maya.person)) == (["place_gone"], ["called_off"])
    assert [message.calendar for message in sent] == ["", ""]


def test_a_booking_moved_before_it_was_told_is_told_once(
    session: Session, tom: Person, now: datetime
) -> None:
    later = THURSDAY + timedelta(hours=1)
    sessions.reschedule(session.reference, by=tom, starts_at=later, now=now)
    sent = [message for message in tell(now) if message.person_id == tom.pk]
    assert [message.kind for message in sent] == ["booked"]
    assert sent[0].subject.endswith("Thu 5 Mar, 05:30 GMT")


def test_a_held_place_is_told_only_when_it_is_paid(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    make.held(maya, tom, starts_at=THURSDAY, now=now)
    assert tell(now) == []
    settlement.expire_due(now=now + timedelta(minutes=16))
    sent = tell(now + timedelta(minutes=16))
    assert (kinds(sent, tom), kinds(sent, maya.person)) == (["hold_ended"], [])


def test_a_paid_booking_names_its_payment(maya: Mentor, tom: Person, now: datetime) -> None:
    booking = make.paid(maya, tom, starts_at=THURSDAY, now=now)
    sent = tell(now)
    assert kinds(sent, tom) == ["booked"]
    assert f"paid with {booking.payment_reference}" in sent[0].text


def test_a_request_is_told_to_both_and_so_is_its_answer(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    asked = requests.propose(
        tom, handle=maya.handle, starts_at=THURSDAY, minutes=30, message="Help me", now=now
    )
    sent = tell(now)
    assert (kinds(sent, tom), kinds(sent, maya.person)) == (["asked_for_you"], ["asked"])
    assert "> Help me" in sent[0].text
    requests.reject(asked.reference, by=maya.person, reason="Not my field", now=now)
    sent = tell(now)
    assert (kinds(sent, tom), kinds(sent, maya.person)) == (["turned_down"], [])
    assert "> Not my field" in sent[0].text


def test_other_times_are_told_on_the_readers_clock(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    asked = requests.propose(tom, handle=maya.handle, starts_at=THURSDAY, minutes=30, now=now)
    tell(now)
    requests.suggest(
        asked.reference, by=maya.person, times=[THURSDAY + timedelta(hours=2)], now=now
    )
    [sent] = tell(now)
    assert (sent.kind, sent.person) == ("other_times", tom)
    assert "Proposed: Thu 5 Mar, 06:30 GMT" in sent.text


def test_mentors_are_reminded_of_requests(maya: Mentor, tom: Person, now: datetime) -> None:
    requests.propose(
        tom, handle=maya.handle, starts_at=now + timedelta(days=9), minutes=30, now=now
    )
    tell(now)
    later = now + timedelta(hours=24)
    requests.remind_due(now=later)
    assert kinds(tell(later), maya.person) == ["still_waiting"]


def test_the_invite_stands_in_the_mail_as_programs_want_it(
    session: Session, tom: Person, now: datetime
) -> None:
    tell(now)
    read = last_mail()
    [alternatives, attachment] = list(read.iter_parts())
    assert read.get_content_type() == "multipart/mixed"
    assert alternatives.get_content_type() == "multipart/alternative"
    parts = list(alternatives.iter_parts())
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert (parts[2].get_param("method"), parts[2].get_param("charset")) == ("REQUEST", "utf-8")
    assert attachment.get_content_type() == "application/ics"
    inline = Calendar.from_ical(parts[2].get_content())
    assert inline == Calendar.from_ical(attachment.get_content())
    assert inline["METHOD"] == "REQUEST"


def test_no_address_of_the_other_side_is_in_a_mail(
    session: Session, tom: Person, maya: Mentor, now: datetime
) -> None:
    tell(now)
    for each in mail.outbox:
        [reader] = each.to
        other = {tom.email: maya.person.email, maya.person.email: tom.email}[reader]
        assert other not in each.message().as_string()


def test_a_name_cannot_write_headers(maya: Mentor, tom: Person, now: datetime) -> None:
    offered = maya.session_types.get()
    offered.title = "Hello\r\nBcc: zoe@example.com\x00\u2028x"
    Session.objects.filter(pk=make.booked(maya, tom, starts_at=THURSDAY, now=now).pk).update(
        title="Hello\r\nBcc: zoe@example.com\u2028x"
    )
    tell(now)
    read = last_mail()
    assert (read["Bcc"], read["To"]) == (None, maya.person.email)
    assert str(read["Subject"]).startswith("Booked: Hello Bcc: zoe@example.com x with")


def test_markup_in_words_of_people_stays_words(maya: Mentor, tom: Person, now: datetime) -> None:
    requests.propose(
        tom, handle=maya.handle, starts_at=THURSDAY, minutes=30, message="<b>Hi</b>", now=now
    )
    asked = next(message for message in tell(now) if message.kind == "asked")
    assert "&lt;b&gt;Hi&lt;/b&gt;" in asked.html
    assert "> <b>Hi</b>" in asked.text


def test_programs_do_not_answer_our_mails(session: Session, now: datetime) -> None:
    sent = tell(now)
    read = last_mail()
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Message-ID"] == f"<{sent[-1].reference.lower()}@localhost>"
    assert read["List-Unsubscribe"] is None


def test_who_muted_a_topic_finds_it_among_the_notifications_only(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    preferences.choose(maya.person, [Topic.REMINDERS])
    requests.propose(tom, handle=maya.handle, starts_at=THURSDAY, minutes=30, now=now)
    sent = tell(now)
    assert kinds(sent, maya.person) == []
    assert [note.kind for note in Notification.objects.filter(person=maya.person)] == ["asked"]


def test_the_way_out_is_one_click(maya: Mentor, tom: Person, now: datetime) -> None:
    requests.propose(tom, handle=maya.handle, starts_at=THURSDAY, minutes=30, now=now)
    tell(now)
    to_maya = next(each for each in mail.outbox if each.to == [maya.person.email])
    headers = to_maya.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = str(headers["List-Unsubscribe"]).strip("<>").rpartition("/")[2]
    assert preferences.mute(token) == Topic.REQUESTS
    assert preferences.wanted(maya.person) == ["reminders", "groups", "packs"]


def test_the_essential_has_no_way_out(tom: Person) -> None:
    assert preferences.way_out(tom, Topic.ESSENTIAL) == ""


def test_a_closed_account_gets_no_mail(session: Session, tom: Person, now: datetime) -> None:
    Person.objects.filter(pk=tom.pk).update(is_active=False)
    assert kinds(tell(now), tom) == []
    dropped = Message.objects.get(person=tom, kind="booked")
    assert (dropped.state, dropped.trouble) == ("dropped", "The account is closed.")


def test_an_unverified_address_gets_no_mail(
    session: Session, maya: Mentor, now: datetime, settings: Settings
) -> None:
    settings.VERIFY_EMAIL = True
    EmailAddress.objects.filter(user=maya.person).update(verified=False)
    assert kinds(tell(now), maya.person) == []


def test_old_news_is_no_news(session: Session, tom: Person, maya: Mentor, now: datetime) -> None:
    sessions.cancel(session.reference, by=tom, now=now)
    assert tell(now + timedelta(hours=73)) == []


def test_staff_sends_a_message_again_word_for_word(
    session: Session, tom: Person, staff: Person, now: datetime
) -> None:
    first = next(message for message in tell(now) if message.person_id == tom.pk)
    resending.send_again(first.reference, by=staff, now=now)
    [again] = send(now)
    assert (again.copy, again.reference != first.reference) == (1, True)
    assert (again.subject, again.text, again.html, again.calendar) == (
        first.subject,
        first.text,
        first.html,
        first.calendar,
    )


def test_what_was_not_sent_on_purpose_is_not_sent_again(
    session: Session, tom: Person, staff: Person, now: datetime
) -> None:
    Person.objects.filter(pk=tom.pk).update(is_active=False)
    tell(now)
    with pytest.raises(NotPossible):
        resending.send_again(
            Message.objects.get(person=tom, kind="booked").reference, by=staff, now=now
        )
