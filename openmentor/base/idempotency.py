"""Asked twice, done once: a create call under a key has one effect and one answer.

The key's row is written in the same transaction as the effect. A second call with the key waits
for the first at the unique constraint; then it gets the first's answer, or, if the first was
refused and so left nothing behind, its own try.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from openmentor.base.errors import IdempotencyMismatch, Invalid
from openmentor.base.models import IdempotentAnswer

KEPT = timedelta(days=7)
LONGEST_KEY = 255


def once(
    key: str,
    *,
    person_id: int,
    request: bytes,
    now: datetime,
    effect: Callable[[], tuple[int, str]],
) -> tuple[int, str]:
    """The status and text that `effect` answers, carried out at most once for this key.

    `request` is what was asked (route and body): the same key with another request is refused.
    A refused effect is not remembered, so the caller may mend what was wrong and try again.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid.field("Idempotency-Key", "The key must be 1 to 255 printable characters.")
    fingerprint = hashlib.sha256(request).digest()
    with transaction.atomic():
        row_id = _claim(key, person_id=person_id, fingerprint=fingerprint, now=now)
        if row_id is None:
            return _remembered(key, person_id=person_id, fingerprint=fingerprint)
        status, answer = effect()
        IdempotentAnswer.objects.filter(pk=row_id).update(status=status, answer=answer)
        return status, answer


def forget_old(*, now: datetime) -> int:
    """Delete the answers that are older than a week; how many."""
    deleted, _ = IdempotentAnswer.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted


def _claim(key: str, *, person_id: int, fingerprint: bytes, now: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO base_idempotentanswer (person_id, key, fingerprint, answer, created_at)"
            " VALUES (%s, %s, %s, '', %s)"
            " ON CONFLICT ON CONSTRAINT an_idempotency_key_is_answered_once DO NOTHING"
            " RETURNING id",
            [person_id, key, fingerprint, now],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _remembered(key: str, *, person_id: int, fingerprint: bytes) -> tuple[int, str]:
    answer = IdempotentAnswer.objects.get(person_id=person_id, key=key)
    if bytes(answer.fingerprint) != fingerprint:
        raise IdempotencyMismatch
    assert answer.status is not None  # noqa: S101 - it is written with the effect or not at all
    return answer.status, answer.answer
