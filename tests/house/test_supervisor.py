"""Programs kept running side by side: revived when they die, gone when the supervisor is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from openmentor.base import supervisor
from openmentor.base.supervisor import GivenUp, Program

ROOT = Path(__file__).resolve().parents[2]
LASTING = ["sleep", "600"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)",
]


@pytest.fixture
def program() -> Iterator[Program]:
    """A program that would run for ten minutes."""
    program = Program("sleeper", LASTING)
    program.start()
    yield program
    supervisor.stop([program])


def eventually(truth: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not truth():
        assert time.monotonic() < deadline, "it did not come true in 20 seconds"
        time.sleep(0.02)


def group(leader: int) -> list[int]:
    """The living processes of a process group."""
    living = []
    for process in psutil.process_iter(["status"]):
        try:
            if os.getpgid(process.pid) == leader and process.info["status"] != "zombie":
                living.append(process.pid)
        except ProcessLookupError:
            continue
    return living


def test_stopping_leaves_nothing_of_the_group(program: Program) -> None:
    leader = program.process.pid
    eventually(lambda: len(group(leader)) >= 2)
    supervisor.stop([program])
    eventually(lambda: group(leader) == [])


def test_a_program_that_died_is_started_again(program: Program) -> None:
    before = program.process.pid
    program.process.kill()
    program.process.wait()
    supervisor.watch([program])
    assert program.process.pid != before
    assert program.process.poll() is None
    eventually(lambda: group(before) == [])


def test_a_program_that_runs_is_left_alone(program: Program) -> None:
    before = program.process.pid
    supervisor.watch([program])
    assert program.process.pid == before


def test_a_program_that_cannot_run_is_given_up() -> None:
    broken = Program("broken thing", ["false"])
    broken.start()
    for _ in range(2):
        broken.process.wait()
        supervisor.watch([broken])
    broken.process.wait()
    with pytest.raises(GivenUp, match="broken thing ended 3 times"):
        supervisor.watch([broken])
    supervisor.stop([broken])


def test_a_program_that_will_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE", 0.2)
    stubborn = Program("stubborn", STUBBORN)
    stubborn.start()
    time.sleep(0.3)
    supervisor.stop([stubborn])
    assert stubborn.process.returncode == -signal.SIGKILL


def test_programs_that_never_started_are_no_trouble_to_stop() -> None:
    supervisor.stop([Program("never", LASTING)])


def test_a_supervisor_that_is_killed_takes_its_programs_along() -> None:
    code = (
        "import time\n"
        "from openmentor.base.supervisor import Program\n"
        f"program = Program('sleeper', {LASTING})\n"
        "program.start()\n"
        "print(program.process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout
        leader = int(killed.stdout.readline())
        eventually(lambda: len(group(leader)) >= 2)
        killed.kill()
    eventually(lambda: group(leader) == [])
