"""Notifications: what others did that concerns the caller."""

from datetime import datetime
from typing import Self

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from openmentor.api.auth import caller
from openmentor.api.pages import Page, Paging, page
from openmentor.api.schema import Answer, Body, answer
from openmentor.base import clock
from openmentor.delivery import notifications
from openmentor.delivery.models import Notification

router = Router(tags=["Notifications"], by_alias=True)


class NotificationAnswer(Answer):
    """One sentence, and the page that it is about; `aboutAt` is the time that it is about."""

    id: str
    kind: str
    text: str
    path: str
    about_at: datetime | None
    at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, note: Notification) -> Self:
        """The notification as its reader sees it."""
        return cls(
            id=note.reference,
            kind=note.kind,
            text=note.text,
            path=note.path,
            about_at=note.about_at,
            at=note.at,
            read_at=note.read_at,
        )


class NotificationPage(Page[NotificationAnswer]):
    """A page of them, and how many are unread in all."""

    unread: int


class Read(Body):
    """Which are read now; none named means all."""

    ids: list[str] | None = Field(default=None, max_length=100)


class Unread(Answer):
    """How many are unread now."""

    unread: int


@router.get("", response=NotificationPage)
def mine(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """One's own notifications, newest first."""
    person = caller(request)
    found, cursor = page(notifications.of(person), paging, by="-at")
    items = [NotificationAnswer.of(note) for note in found]
    unread = notifications.unread(person)
    return answer(NotificationPage(items=items, next_cursor=cursor, unread=unread))


@router.post("/read", response=Unread)
def read(request: HttpRequest, which: Read) -> HttpResponse:
    """Mark notifications as read."""
    person = caller(request)
    notifications.read(person, only=which.ids, now=clock.now())
    return answer(Unread(unread=notifications.unread(person)))
