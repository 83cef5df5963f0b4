"""What each reader's calendar was told of a session, and what it is to be told next."""

from datetime import datetime
from typing import NamedTuple

from openmentor.booking.models import Session
from openmentor.delivery import invites
from openmentor.delivery.letters.letter import Calendar, OutOfDate
from openmentor.delivery.models import Invite
from openmentor.people.models import Person


class File(NamedTuple):
    """A calendar file to mail, and the method that its mail must name as well."""

    method: str
    content: str


def next_file(session: Session, *, reader: Person, tells: Calendar, now: datetime) -> File | None:
    """The file that goes with a letter; its SEQUENCE is higher than that of any before.

    None where there is nothing to tell: no calendar has a session that nobody was invited to.
    `OutOfDate` if the reader was told the same before. In the transaction that sends it.
    """
    if tells == Calendar.NOTHING:
        return None
    invite = _locked(session, reader)
    cancels = tells == Calendar.CANCEL
    if cancels and invite.method != Invite.Method.REQUEST:
        return None
    if not cancels and _is_known(invite, session):
        raise OutOfDate("Their calendar has been told by a later message.")
    if invite.method == Invite.Method.NOTHING:
        invite.sequence = session.revision
    else:
        invite.sequence = max(invite.sequence + 1, session.revision)
    invite.revision = session.revision
    invite.method = Invite.Method.CANCEL if cancels else Invite.Method.REQUEST
    invite.save()
    content = invites.invitation(
        session, reader=reader, gone=cancels, sequence=invite.sequence, now=now
    )
    return File(invite.method, content.decode())


def _is_known(invite: Invite, session: Session) -> bool:
    return invite.method == Invite.Method.REQUEST and invite.revision >= session.revision


def _locked(session: Session, reader: Person) -> Invite:
    Invite.objects.bulk_create([Invite(session=session, person=reader)], ignore_conflicts=True)
    return Invite.objects.select_for_update().get(session=session, person=reader)
