"""What a stand-in was told to do wrong or late, by `POST /_script`.

Each command is a JSON object:

    {"call": "refund", "fault": "drop", "when": "after", "times": 1}
    {"call": "refund", "fault": "delay", "seconds": 2}
    {"payments": "late", "times": 1, "seconds": 2}
    {"refunds": "pending", "times": 1}
    {"clear": true}

Faults: `drop` (no answer), `delay`, and the statuses `409`, `429`, `500` and `502` (a page of
HTML). `when` is `before` anything is done, or `after` it is done and written down. The call `*` is
any. Payments: `success`, `failure`, `late` (captured after so many seconds; without, when told to),
`authorized` (razorpay). They count when a payer leaves the choice open. Refunds: `pending`, or the
words of the provider for the end.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

FAULTS = {"drop", "delay", "409", "429", "500", "502"}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong, some number of times."""

    call: str
    fault: str
    when: str = "after"
    times: int = 1
    seconds: float = 0

    @property
    def is_before(self) -> bool:
        """Whether nothing may happen first."""
        return self.when == "before"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one payment or refund will come to; a late one after so many seconds."""

    outcome: str
    seconds: float = 0

    def carry_on(self, act: Callable[[], object]) -> None:
        """Do what comes later, if it is to come by itself."""
        if self.seconds:
            timer = threading.Timer(self.seconds, act)
            timer.daemon = True
            timer.start()


class Script:
    """The faults and plans that are still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._plans: dict[str, deque[Plan]] = {"payments": deque(), "refunds": deque()}

    def obey(self, command: Mapping[str, Any]) -> bool:
        """Take a command; whether it was one for the script."""
        with self._lock:
            if command.get("clear"):
                self._faults.clear()
                for plans in self._plans.values():
                    plans.clear()
            elif command.get("fault") in FAULTS:
                self._faults.append(Fault(**command))
            elif plan := next((name for name in self._plans if name in command), ""):
                planned = Plan(command[plan], command.get("seconds", 0))
                self._plans[plan].extend([planned] * command.get("times", 1))
            else:
                return False
        return True

    def fault(self, call: str) -> Fault | None:
        """What goes wrong with this call, if anything."""
        with self._lock:
            for fault in self._faults:
                if fault.call in {call, "*"}:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                    return fault
        return None

    def plan(self, what: str, default: str) -> Plan:
        """What the next payment or refund will come to."""
        with self._lock:
            return self._plans[what].popleft() if self._plans[what] else Plan(default)
