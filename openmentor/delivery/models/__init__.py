"""What people are told, and where they meet."""

from openmentor.delivery.models.invites import Invite
from openmentor.delivery.models.meetings import Meeting, MeetingChoice, Place
from openmentor.delivery.models.messages import Message, Muted, new_message_reference
from openmentor.delivery.models.notifications import Notification

__all__ = [
    "Invite",
    "Meeting",
    "MeetingChoice",
    "Message",
    "Muted",
    "Notification",
    "Place",
    "new_message_reference",
]
