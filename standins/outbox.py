"""Webhooks on their way: signed, posted one after the other, sent again until somebody says 2xx.

Commands by `POST /_script`: `{"webhooks": {…}}` with any of `url`, `secret`, `enabled`, `copies`
(each is sent so often), `hold` (collect them), and `release` (`"forward"` or `"backward"`).
"""

import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from standins.journal import Journal

TIMEOUT = 5
PAUSES = (0.2, 0.5, 1, 2, 4)
"""Seconds between tries. The real ones go on for a day or three."""


class Outbox:
    """`sign` makes the headers of a webhook from its id, its body and the secret."""

    def __init__(
        self,
        sign: Callable[[str, bytes, str], dict[str, str]],
        *,
        journal: Journal,
        url: str,
        secret: str,
    ) -> None:
        self.url = url
        self.secret = secret
        self.enabled = True
        self.copies = 1
        self.hold = False
        self.sent: list[dict[str, Any]] = []
        self._sign = sign
        self._journal = journal
        self._held: list[tuple[str, bytes]] = []
        self._waiting: queue.SimpleQueue[tuple[str, bytes, str] | None] = queue.SimpleQueue()
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()

    def put(self, event_id: str, body: bytes) -> None:
        """Something happened that the other side wants to know."""
        if not self.enabled:
            return
        if self.hold:
            self._held.append((event_id, body))
            return
        headers = self._sign(event_id, body, self.secret)
        for _ in range(self.copies):
            self.sent.append({"event": event_id, "headers": headers, "body": body.decode()})
            if self.url:
                self._waiting.put((event_id, body, self.url))

    def obey(self, orders: Mapping[str, Any]) -> None:
        """Change how webhooks are sent."""
        for name in {"url", "secret", "enabled", "copies", "hold"} & orders.keys():
            setattr(self, name, orders[name])
        if release := orders.get("release"):
            held, self._held, self.hold = self._held, [], False
            for event_id, body in reversed(held) if release == "backward" else held:
                self.put(event_id, body)

    def stop(self) -> None:
        """Send nothing more."""
        self.enabled = False
        self._waiting.put(None)
        self._worker.join(TIMEOUT + 1)

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            event_id, body, url = job
            for pause in (*PAUSES, 0):
                status = self._post(event_id, body, url)
                if 200 <= status < 300 or not self.enabled:
                    break
                time.sleep(pause)

    def _post(self, event_id: str, body: bytes, url: str) -> int:
        headers = self._sign(event_id, body, self.secret)
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                status = int(response.status)
        except urllib.error.HTTPError as error:
            with error:
                status = error.code
        except OSError:
            status = 0
        self._journal.write("webhook_sent", event=event_id, status=status)
        return status
