"""What a stand-in did with money, line by line, written down before anybody is told.

Amounts are the provider's minor units. Facts: `order_created`, `captured`, `refunded`,
`refund_failed` (the money stayed after all) and `webhook_sent`.
"""

import json
import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any


class Journal:
    """An append-only file of JSON lines; a fact is safe on disk when `write` returns."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def write(self, fact: str, **details: Any) -> None:
        """Add one fact."""
        line = json.dumps({"at": round(time.time(), 3), "fact": fact, **details}, sort_keys=True)
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Nothing more will be written."""
        self._file.close()


def facts(path: Path, *kinds: str) -> list[dict[str, Any]]:
    """The facts of these kinds (of all, if none is named), oldest first."""
    with path.open(encoding="utf-8") as lines:
        known = [json.loads(line) for line in lines]
    return [fact for fact in known if not kinds or fact["fact"] in kinds]


def captured(path: Path) -> dict[str, int]:
    """The amount that was captured, by payment id."""
    return {fact["payment"]: fact["amount"] for fact in facts(path, "captured")}


def refunds(path: Path) -> list[dict[str, Any]]:
    """Every refund that was made: `refund`, `payment`, `amount`, and our `key` if it has one."""
    failed = {fact["refund"] for fact in facts(path, "refund_failed")}
    return [fact for fact in facts(path, "refunded") if fact["refund"] not in failed]


def refunded(path: Path) -> dict[str, int]:
    """The amount that went back, by payment id."""
    totals: Counter[str] = Counter()
    for refund in refunds(path):
        totals[refund["payment"]] += refund["amount"]
    return dict(totals)
