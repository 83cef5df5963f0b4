"""Two schedulers, three senders and a sink, and somebody who kills them at random."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
SINK = "tests.mail.sink"
ROLES = ("scheduler", "scheduler", "sender", "sender", "sender")


class Crew:
    """Processes of their own, which know the test's database, its sink and its clock."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self.clock = folder / "clock"
        self.journal = folder / "journal"
        self.kills = 0
        self._random = random.Random(seed)
        self.tell_time(datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
        self._sink = self._started(SINK, str(self.journal), str(self.clock))
        assert self._sink.stdout is not None
        port = self._sink.stdout.readline().strip()
        self._environment = {
            "DATABASE_URL": _database_url(),
            "MAIL_URL": f"smtp://127.0.0.1:{port}",
            "OPENMENTOR_TESTING": "1",
            "VERIFY_EMAIL": "off",
            "LOG_LEVEL": "CRITICAL",
        }
        self._workers = [self._worker(role) for role in ROLES]

    def tell_time(self, now: datetime) -> None:
        """Move the clock; readers see the old time or the new one, nothing between."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(now.isoformat())
        fresh.rename(self.clock)

    def kill_one(self) -> None:
        """SIGKILL somebody, whatever they do; another takes their place."""
        number = self._random.randrange(len(self._workers))
        self._workers[number].kill()
        self._workers[number].wait()
        self.kills += 1
        self._workers[number] = self._worker(ROLES[number])

    def go_home(self) -> None:
        """Everybody is killed, and nobody takes their place before `come_back`."""
        for worker in self._workers:
            worker.kill()
            worker.wait()
        self.kills += len(self._workers)

    def come_back(self) -> None:
        """Everybody is at work again."""
        self._workers = [self._worker(role) for role in ROLES]

    def taken(self) -> list[dict[str, Any]]:
        """What the sink took, in order."""
        lines = self.journal.read_text().splitlines() if self.journal.exists() else []
        return [json.loads(line) for line in lines]

    def stop(self) -> None:
        """Everybody goes home."""
        for process in (*self._workers, self._sink):
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()

    def _worker(self, role: str) -> "subprocess.Popen[str]":
        return self._started("tests.mail.worker", role, str(self.clock), **self._environment)

    def _started(self, module: str, *facts: str, **more: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", module, *facts],
            cwd=ROOT,
            env=os.environ | more,
            stdout=subprocess.PIPE if module == SINK else subprocess.DEVNULL,
            text=True,
        )


@contextmanager
def crew(folder: Path, *, seed: int) -> Iterator[Crew]:
    """A crew at work for as long as the context."""
    made = Crew(folder, seed=seed)
    try:
        yield made
    finally:
        made.stop()


def _database_url() -> str:
    known = connection.settings_dict
    name, user, host = (quote(str(known[key]), safe="") for key in ("NAME", "USER", "HOST"))
    password = f":{quote(str(known['PASSWORD']), safe='')}" if known["PASSWORD"] else ""
    port = f"&port={known['PORT']}" if known["PORT"] else ""
    assert settings.TESTING
    return f"postgresql://{user}{password}@/{name}?host={host}{port}"
