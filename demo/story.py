"""What happened to the cast: told with the same verbs that people's clicks call.

The past is made by telling the verbs an earlier `now`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from demo import asks, cast, pack_scenes, workshops
from demo.cast import Character, MentorCharacter
from demo.scenes import Ending, Scene, scenes
from openmentor.availability import schedule
from openmentor.availability.entries import Hours
from openmentor.booking import bookings, open_requests, requests, sessions, slots
from openmentor.booking import diary as diaries
from openmentor.booking.models import Session
from openmentor.booking.refusals import YouAreBusy
from openmentor.mentors import mentors, session_types
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people import people
from openmentor.people.models import Person

DAY = timedelta(days=1)
FOUNDED = 90 * DAY
"""How long ago the installation's story began."""
_SEARCHED = 10 * DAY
"""Everybody in the cast has a free time within so long."""


@dataclass
class Story:
    """The story as far as it is told: who is there, and what they offer free of charge."""

    now: datetime
    people: dict[str, Person] = field(default_factory=dict)
    mentors: dict[str, Mentor] = field(default_factory=dict)
    free_types: dict[str, SessionType] = field(default_factory=dict)


def is_told() -> bool:
    """Whether the cast is in this installation already."""
    return Person.objects.filter(email=cast.STAFF.email).exists()


@transaction.atomic
def tell(*, now: datetime) -> Story:
    """The whole cast with their past and their plans, or nothing if a part of it fails."""
    story = Story(now)
    begun = now - FOUNDED
    staff = _admit(story, cast.STAFF, now=begun)
    staff.is_staff = staff.is_superuser = True
    staff.save(update_fields=["is_staff", "is_superuser"])
    for character in cast.mentors():
        _introduce(story, character, staff=staff, now=begun)
    for mentee in (cast.TOM, cast.LENA, cast.ZOE, *cast.GUESTS):
        _admit(story, mentee, now=begun)
    for scene in scenes(list(story.mentors)):
        _play(story, scene)
    _change_dates(story)
    for workshop in workshops.WORKSHOPS:
        host = story.mentors[workshop.mentor]
        workshops.hold(workshop, mentor=host, people=story.people, now=now)
    _ask(story)
    pack_scenes.sell(story.mentors, story.people, now=now)
    return story


def _admit(story: Story, character: Character, *, now: datetime) -> Person:
    """An account with an address that counts as verified: nobody reads mail at example.com."""
    person = people.register(
        name=character.name,
        email=character.email,
        password=cast.PASSWORD,
        timezone=character.timezone,
        now=now,
    )
    EmailAddress.objects.filter(user=person).update(verified=True)
    story.people[character.key] = person
    return person


def _introduce(story: Story, character: MentorCharacter, *, staff: Person, now: datetime) -> None:
    """A mentor with profile, hours and session types."""
    person = _admit(story, character, now=now)
    mentor = mentors.apply(person, now=now, **character.profile)
    if mentor.status == Mentor.Status.APPLIED:
        mentor = mentors.approve(mentor.pk, by=staff, now=now)
    week, zone = character.week, character.timezone
    schedule.replace(mentor.pk, timezone=zone, weekly=week, overrides=[], by=person, now=now)
    for offered in character.types:
        made = session_types.create(
            mentor.pk,
            title=offered.title,
            description=offered.description,
            duration_minutes=offered.minutes,
            price_minor=offered.price,
            by=person,
            now=now,
        )
        if offered == character.free_type:
            story.free_types[character.key] = made
    if character.paused:
        mentors.pause(mentor.pk, by=person, now=story.now)
    else:
        story.mentors[character.key] = mentor


def _play(story: Story, scene: Scene) -> None:
    mentee, mentor = story.people[scene.mentee], story.people[scene.mentor]
    session = _book(story, scene)
    starts_at, ends_at, reference = session.starts_at, session.ends_at, session.reference
    day_before = min(story.now, starts_at - DAY)
    match scene.ending:
        case Ending.COMPLETED:
            sessions.complete(reference, by=mentor, now=ends_at + timedelta(minutes=5))
        case Ending.MENTEE_ABSENT:
            sessions.mark_no_show(reference, by=mentor, now=starts_at + timedelta(minutes=20))
        case Ending.MENTOR_ABSENT:
            sessions.mark_no_show(reference, by=mentee, now=starts_at + timedelta(minutes=20))
        case Ending.CANCELLED_BY_MENTEE:
            sessions.cancel(reference, by=mentee, reason=scene.words, now=day_before)
        case Ending.CANCELLED_BY_MENTOR:
            sessions.cancel(reference, by=mentor, reason=scene.words, now=day_before)


def _book(story: Story, scene: Scene) -> Session:
    """The scene's session, at the free time of both that is nearest to the scene's day."""
    offered = story.free_types[scene.mentor]
    handle = story.mentors[scene.mentor].handle
    booked_at, starts = _free_starts(story, scene)
    for starts_at in starts:
        try:
            session = bookings.book(
                story.people[scene.mentee],
                handle=handle,
                session_type=offered.reference,
                starts_at=starts_at,
                notes=scene.notes,
                now=booked_at,
            )
        except YouAreBusy:
            continue
        if session.status == Session.Status.PENDING:
            mentor = story.people[scene.mentor]
            return requests.accept(session.reference, by=mentor, now=booked_at)
        return session
    raise LookupError(f"{scene.mentee} and {scene.mentor} have no free time in common.")


def _ask(story: Story) -> None:
    """What people want to reach, whom they ask for it, and what is on the board."""
    for key, goals in asks.GOALS.items():
        people.update_profile(story.people[key], goals=goals)
    for ask in asks.ASKS:
        mentee, mentor = story.people[ask.mentee], story.mentors[ask.mentor]
        asks.ask(ask, mentee=mentee, mentor=mentor, now=story.now)
    for call in asks.CALLS:
        claimant = story.mentors.get(call.mentor)
        asks.call(call, mentee=story.people[call.mentee], mentor=claimant, now=story.now)
    open_requests.expire_due(now=story.now)


def _free_starts(story: Story, scene: Scene) -> tuple[datetime, Iterator[datetime]]:
    """When the scene is booked, and the starts to try: for the past backwards from its day."""
    offered = story.free_types[scene.mentor]
    day = story.now + scene.day * DAY
    past = scene.day < 0
    first, last = (day - _SEARCHED, day) if past else (day, day + _SEARCHED)
    booked_at = first - 2 * DAY if past else story.now
    diary = diaries.read(
        handle=story.mentors[scene.mentor].handle,
        session_type=offered.reference,
        first=first,
        last=last,
    )
    free = slots.offered(
        diary,
        minutes=offered.duration_minutes,
        since=diaries.instant(first),
        until=diaries.instant(last),
        now=booked_at,
    )
    return booked_at, map(diaries.moment, reversed(free) if past else free)


def _change_dates(story: Story) -> None:
    """Maya has a free day and a long evening soon; Kiri is away for two days."""

    def on(days: int) -> date:
        return (story.now + days * DAY).date()

    maya, kiri = story.mentors["maya"], story.mentors["kiri"]
    evening = [Hours("16:00", "22:00")]
    for mentor, day, hours in (
        (maya, on(20), []),
        (maya, on(23), evening),
        (kiri, on(14), []),
        (kiri, on(15), []),
    ):
        schedule.set_dates(
            mentor.pk, first=day, last=day, slots=hours, by=mentor.person, now=story.now
        )
