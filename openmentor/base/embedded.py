"""The database OpenMentor brings along: a PostgreSQL server for one data folder, shared by all.

It starts at first use and ends with its last user. Users (web, worker, commands, tests) each hold
a shared lock on a file in the data folder; a small keeper process waits until it can have that
lock alone, then stops the server. The kernel drops the lock of a process however it dies, so
neither a crash nor `kill -9` leaves a server behind or stops one that is still wanted.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openmentor.base.embedded_server import DatabaseUnavailable, find_server

__all__ = ["DatabaseUnavailable", "database_url", "leave"]

CODE = Path(__file__).resolve().parents[2]
FAREWELL = 2.0
"""Seconds that the last user waits for the keeper to end too."""
_held: dict[Path, int] = {}


def database_url(data_folder: Path, *, fast: bool = False) -> str:
    """The address of the data folder's database, which stays up until this process ends.

    The first caller starts the server (`fast` trades durability for speed, for tests); later
    ones, in any process, join it. Raises DatabaseUnavailable where no server can run.
    """
    data_folder = data_folder.resolve()
    data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(_lock_file(data_folder, "start")):
        server = find_server(data_folder)
        _join(data_folder)
        if not _is_kept(data_folder):
            subprocess.run(  # noqa: S603 - this file
                [sys.executable, "-m", "openmentor.base.embedded", str(data_folder)],
                check=True,
                cwd=CODE,
            )
        server.start(fast=fast)
    return server.url()


def leave(data_folder: Path) -> None:
    """End this process's use; if it was the last, return when server and keeper are gone."""
    data_folder = data_folder.resolve()
    users = _held.pop(data_folder, None)
    if users is None:
        return
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        find_server(data_folder).stop()
    except BlockingIOError:
        return
    finally:
        os.close(users)
    deadline = time.monotonic() + FAREWELL
    while _is_kept(data_folder) and time.monotonic() < deadline:  # Unless somebody joined now.
        time.sleep(0.01)


def keep(data_folder: Path) -> None:
    """Wait in the background until nobody uses the server, then stop it.

    The calling process ends as soon as the wait has begun. One keeper per data folder.
    """
    with (
        _lock_file(data_folder, "users").open("ab") as users,
        _lock_file(data_folder, "keeper").open("ab") as keeper,
    ):
        fcntl.flock(keeper, fcntl.LOCK_EX)
        server = find_server(data_folder)
        if os.fork():
            os._exit(0)
        os.setsid()  # Ctrl-C in a terminal is for the users, not for the keeper.
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        fcntl.flock(users, fcntl.LOCK_EX)
        server.stop()
        # Before the users' lock: whoever joins next must find that there is no keeper.
        fcntl.flock(keeper, fcntl.LOCK_UN)
        os._exit(0)


def _lock_file(data_folder: Path, name: str) -> Path:
    return data_folder / f"postgres-{name}.lock"


def _join(data_folder: Path) -> None:
    """Become a user; waits while a server that nobody used is being stopped."""
    if data_folder not in _held:
        file = _lock_file(data_folder, "users")
        _held[data_folder] = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(_held[data_folder], fcntl.LOCK_SH)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold the file's lock, waiting for whoever has it."""
    with file.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_kept(data_folder: Path) -> bool:
    with _lock_file(data_folder, "keeper").open("ab") as keeper:
        try:
            fcntl.flock(keeper, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
