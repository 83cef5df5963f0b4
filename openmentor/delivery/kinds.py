"""Every kind of message: what it is about, and who writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from openmentor.delivery.letters import about_bookings as places
from openmentor.delivery.letters import about_mentorships as packs
from openmentor.delivery.letters import about_requests as requests
from openmentor.delivery.letters import about_sessions as sessions
from openmentor.delivery.letters import about_the_rest as rest
from openmentor.delivery.letters.letter import Letter, Note


class Topic(StrEnum):
    """What people can choose to have by mail; the essential comes always."""

    ESSENTIAL = "essential"
    REMINDERS = "reminders"
    REQUESTS = "requests"
    GROUPS = "groups"
    PACKS = "packs"


OPTIONAL: dict[Topic, str] = {
    Topic.REMINDERS: "Reminders a day and an hour before a session",
    Topic.REQUESTS: "Requests and open requests: new ones, answers, deadlines",
    Topic.GROUPS: "Group sessions and waiting lists",
    Topic.PACKS: "Packs: when they come to their end",
}
"""What can be switched off, in the words of the page."""

Compose = Callable[[Note], Letter]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message."""

    topic: Topic
    compose: Compose


KINDS: dict[str, Kind] = {
    "booked": Kind(Topic.ESSENTIAL, places.booked),
    "booked_with_you": Kind(Topic.ESSENTIAL, places.booked_with_you),
    "accepted_to_pay": Kind(Topic.ESSENTIAL, places.accepted_to_pay),
    "accepted_not_paid": Kind(Topic.ESSENTIAL, places.accepted_not_paid),
    "hold_ended": Kind(Topic.ESSENTIAL, places.hold_ended),
    "place_gone": Kind(Topic.ESSENTIAL, places.place_gone),
    "moved": Kind(Topic.ESSENTIAL, sessions.moved),
    "called_off": Kind(Topic.ESSENTIAL, sessions.called_off),
    "missed": Kind(Topic.ESSENTIAL, sessions.missed),
    "group_open": Kind(Topic.ESSENTIAL, sessions.group_open),
    "group_full": Kind(Topic.GROUPS, sessions.group_full),
    "reminder_24h": Kind(Topic.REMINDERS, sessions.reminder),
    "reminder_1h": Kind(Topic.REMINDERS, sessions.reminder),
    "asked": Kind(Topic.REQUESTS, requests.asked),
    "asked_for_you": Kind(Topic.REQUESTS, requests.asked_for_you),
    "still_waiting": Kind(Topic.REQUESTS, requests.still_waiting),
    "other_times": Kind(Topic.ESSENTIAL, requests.other_times),
    "turned_down": Kind(Topic.ESSENTIAL, requests.turned_down),
    "unanswered": Kind(Topic.ESSENTIAL, requests.unanswered),
    "claimed": Kind(Topic.REQUESTS, requests.claimed),
    "back_on_the_board": Kind(Topic.REQUESTS, requests.back_on_the_board),
    "claim_over": Kind(Topic.REQUESTS, requests.claim_over),
    "need_withdrawn": Kind(Topic.REQUESTS, requests.need_withdrawn),
    "need_expired": Kind(Topic.REQUESTS, requests.need_expired),
    "money_comes_back": Kind(Topic.ESSENTIAL, rest.money_comes_back),
    "money_is_back": Kind(Topic.ESSENTIAL, rest.money_is_back),
    "place_offered": Kind(Topic.ESSENTIAL, rest.place_offered),
    "offer_over": Kind(Topic.GROUPS, rest.offer_over),
    "link_failed": Kind(Topic.ESSENTIAL, sessions.link_failed),
    "announced": Kind(Topic.ESSENTIAL, sessions.announced),
    "pack_ready": Kind(Topic.ESSENTIAL, packs.pack_ready),
    "pack_sold": Kind(Topic.PACKS, packs.pack_sold),
    "pack_over": Kind(Topic.ESSENTIAL, packs.pack_over),
    "renew": Kind(Topic.PACKS, packs.renew),
    "purchase_over": Kind(Topic.ESSENTIAL, packs.purchase_over),
    "seat_gone": Kind(Topic.ESSENTIAL, packs.seat_gone),
    "mentor_approved": Kind(Topic.ESSENTIAL, rest.mentor_approved),
    "mentor_rejected": Kind(Topic.ESSENTIAL, rest.mentor_rejected),
}

REMINDERS: dict[str, tuple[timedelta, timedelta]] = {
    "reminder_24h": (timedelta(hours=24), timedelta(hours=1)),
    "reminder_1h": (timedelta(hours=1), timedelta(0)),
}
"""How long before the start each is due, and when it is of no use any more: from when the next
one says it, or from the start."""
