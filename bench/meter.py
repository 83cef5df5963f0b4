"""How much of the processors the web server and the database take.

Where a machine has other work to do rates go down; what a call costs does not.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil


class Meter:
    """Two programs with all their processes, and the seconds they have worked."""

    def __init__(self, web_server: int, cluster: Path) -> None:
        """Of the process that started the web server, and of PostgreSQL's data directory."""
        postmaster = int((cluster / "postmaster.pid").read_text().split()[0])
        self._programs = [psutil.Process(pid) for pid in (web_server, postmaster)]

    def read(self) -> list[float]:
        """The seconds of processor time so far: the web server's, the database's."""
        return [_worked([program, *program.children(recursive=True)]) for program in self._programs]


def _worked(processes: Sequence[psutil.Process]) -> float:
    worked = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            worked += times.user + times.system
    return worked
