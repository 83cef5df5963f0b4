"""What happened to an open request, in plain words: who did what and when."""

from collections.abc import Sequence
from typing import Final

from openmentor.base.models import Event
from openmentor.people.models import Person
from openmentor.web.histories import Moment

_TOLD: Final = {
    "open_request.open": ("posted this request", "send", "accent"),
    "open_request.edited": ("changed it", "pencil", "calm"),
    "open_request.claimed": ("claimed it", "hand-helping", "success"),
    "open_request.scheduled": ("found a time", "calendar-check", "success"),
    "open_request.completed": ("held the session", "check", "success"),
    "open_request.cancelled": ("took it back", "ban", "calm"),
}
_GIVEN_BACK: Final = ("gave it back to the board", "undo-2", "calm")
_BY_ITSELF: Final = {
    "open_request.open": ("The claim ran out, and it is on the board again", "timer-off"),
    "open_request.completed": ("The session is over", "check"),
    "open_request.expired": ("All its times were over", "timer-off"),
}


def told(happened: Sequence[Event], *, to: Person, mentee_name: str) -> list[Moment]:
    """The events, oldest first. A mentor learns no names of other mentors.

    `mentee_name` is as much of the mentee's name as the reader may know.
    """
    actors = {event.actor_id for event in happened if event.actor_id is not None}
    names = dict(Person.objects.filter(pk__in=actors).values_list("pk", "name"))
    mentee = happened[0].actor_id if happened else None
    if mentee is not None:
        names[mentee] = mentee_name
    names[to.pk] = "You"
    if to.pk != mentee and not to.is_staff:
        strangers = actors - {to.pk, mentee}
        names |= dict.fromkeys(strangers, "Another mentor")
    return [_moment(event, names) for event in happened]


def _moment(event: Event, names: dict[int, str]) -> Moment:
    if event.actor_id is None:
        said, icon = _BY_ITSELF[event.name]
        return Moment(words=said, icon=icon, tone="calm", at=event.at)
    deed, icon, tone = _TOLD[event.name]
    if event.name == "open_request.open" and event.from_state:
        deed, icon, tone = _GIVEN_BACK
    who = names.get(event.actor_id, "Somebody")
    why = event.why if event.name == "open_request.cancelled" else ""
    return Moment(words=f"{who} {deed}", icon=icon, tone=tone, at=event.at, why=why)
