"""`bin/dev` as a newcomer meets it: it starts everything, and stopping leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import time
from io import StringIO
from pathlib import Path

import psutil
import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from config import prepare, serve
from openmentor.base.embedded_server import find_server

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def dev(port: int, data_folder: Path) -> subprocess.Popen[str]:
    """`bin/dev --empty` on this port, from a folder that is not the project's."""
    environment = os.environ | {"PORT": str(port), "OPENMENTOR_DATA": data_folder.name}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [ROOT / "bin" / "dev", "--empty"],
        cwd=data_folder.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def keepers(data_folder: Path) -> list[str]:
    """The command lines of the processes that keep this folder's database."""
    commands = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    return [" ".join(each) for each in commands if each[-1:] == [str(data_folder)]]


def wait_until_up(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not serve.is_up(port):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("farewell", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(tmp_path: Path, farewell: signal.Signals) -> None:
    data_folder, port = tmp_path / "data", free_port()
    process = dev(port, data_folder)
    wait_until_up(process, port)
    server = find_server(data_folder)
    started = psutil.Process(process.pid).children(recursive=True)
    assert started
    assert server.is_answering()
    assert len(keepers(data_folder)) == 1

    second = dev(port, data_folder)
    said, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert f"Port {port} cannot be had: Address already in use." in said

    process.send_signal(farewell)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert f"OpenMentor is at http://localhost:{port}" in said
    assert psutil.wait_procs(started, timeout=5)[1] == []
    assert keepers(data_folder) == []
    assert not server.is_answering()
    assert not (server.cluster / "postmaster.pid").exists()
    shutil.rmtree(server.folder)


def test_a_port_that_cannot_be_had_is_said_plainly() -> None:
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(serve.PortTaken, match=f"another: PORT={port + 1} bin/dev"):
            serve.demand_free(port)


def test_nothing_is_up_where_nothing_listens() -> None:
    assert not serve.is_up(free_port())


def test_the_fingerprint_of_the_static_files_is_the_same_until_one_changes() -> None:
    assert prepare.fingerprint() == prepare.fingerprint()


@pytest.mark.django_db
def test_the_sign_ins_that_are_told_work_and_a_second_demo_changes_nothing() -> None:
    call_command("demo", stdout=StringIO())
    people = get_user_model().objects.count()
    call_command("demo", stdout=StringIO())
    assert get_user_model().objects.count() == people
    told = [line.split()[0] for line in serve.SIGN_INS.splitlines() if "@" in line]
    signed_in = [Client().login(email=email, password="openmentor-demo") for email in told]
    assert signed_in == [True, True, True]


def test_the_usage_is_told() -> None:
    done = subprocess.run(
        [ROOT / "bin" / "dev", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "bin/dev [--empty]" in done.stderr
