"""Webhooks are heard once: providers send the same message again, and in any order."""

from datetime import datetime

from django.db import connection

from openmentor.payments.providers.interface import Message


def is_new(provider: str, message: Message, *, now: datetime) -> bool:
    """Write down that this message was heard; False if it was before.

    Written in the transaction that acts on it: a message whose handling failed was not heard, and
    a copy that arrives meanwhile waits here for the first one's end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_providermessage (provider, event_id, kind, heard_at)"
            " VALUES (%s, %s, %s, %s)"
            " ON CONFLICT ON CONSTRAINT provider_message_is_heard_once DO NOTHING",
            [provider, message.event_id, message.kind[:80], now],
        )
        return bool(cursor.rowcount)
