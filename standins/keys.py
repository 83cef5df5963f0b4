"""Idempotency keys: the first answer of a key is kept and given again."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from standins.server import Answer


@dataclass(slots=True)
class _Entry:
    fingerprint: bytes
    answer: Answer | None = None


class Keys:
    """Keeps the answers whose status is among `kept`; a repeated one gets the `mark` headers."""

    def __init__(self, *, kept: Collection[int], mark: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._kept = kept
        self._mark = mark
        self._entries: dict[str, _Entry] = {}

    def once(
        self,
        key: str,
        fingerprint: bytes,
        make: Callable[[], Answer],
        *,
        busy: Answer,
        mismatch: Answer,
    ) -> Answer:
        """The answer of this key, made now if it is the first time; no key is always first."""
        if not key:
            return make()
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                self._entries[key] = _Entry(fingerprint)
        if entry is None:
            return self._first(key, make)
        if entry.fingerprint != fingerprint:
            return mismatch
        if entry.answer is None:
            return busy
        return replace(entry.answer, headers={**entry.answer.headers, **self._mark})

    def forget(self) -> None:
        """What a provider does after a day."""
        with self._lock:
            self._entries.clear()

    def _first(self, key: str, make: Callable[[], Answer]) -> Answer:
        answer = None
        try:
            answer = make()
            return answer
        finally:
            with self._lock:
                if answer is not None and answer.status in self._kept:
                    self._entries[key].answer = answer
                else:
                    self._entries.pop(key, None)
