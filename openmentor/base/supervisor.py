"""Keeps programs running side by side until it is told to stop, and leaves none of them behind."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

PATIENCE = 10.0
"""Seconds that programs have to end by themselves before they are killed."""
SHORT_LIFE = 5.0
"""Seconds; a program that ends sooner, `TRIES` times in a row, is not started again."""
TRIES = 3

# A reader of the pipe notices however its writer, the supervisor, dies, and then ends the
# program's process group. There is a shell everywhere; not every kernel could be asked for this.
_GUARDED = 'exec 3<&0; { cat <&3 >/dev/null; kill -TERM 0; } & exec "$@" </dev/null 3<&-'


class GivenUp(RuntimeError):  # noqa: N818 - said to people
    """A program ends again and again as soon as it is started."""


@dataclass
class Program:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] = field(init=False)
    started: float = 0.0
    short_lives: int = 0

    def start(self) -> None:
        """Run it in a process group of its own, so that a terminal's Ctrl-C passes it by."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            ["/bin/sh", "-c", _GUARDED, self.name, *self.command],
            stdin=subprocess.PIPE,
            process_group=0,
        )

    def revive(self) -> None:
        """Start it again if it has ended; raises GivenUp if that is of no use."""
        if self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        self.short_lives = self.short_lives + 1 if lived < SHORT_LIFE else 0
        if self.short_lives == TRIES:
            raise GivenUp(f"The {self.name} ended {TRIES} times as soon as it was started.")
        self.clear()
        self.start()

    def clear(self) -> None:
        """Kill whatever is left of it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def watch(programs: Sequence[Program]) -> None:
    """Revive the programs once, if they need it."""
    for program in programs:
        program.revive()


def stop(programs: Sequence[Program]) -> None:
    """End the programs, all at once and gently, and after PATIENCE by force."""
    started = [program for program in programs if program.started]
    for program in started:
        program.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for program in started:
        with suppress(subprocess.TimeoutExpired):
            program.process.wait(max(0.0, deadline - time.monotonic()))
        program.clear()
