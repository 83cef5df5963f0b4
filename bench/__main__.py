"""`bin/bench`: how fast OpenMentor is here, beside what this machine can do at all.

docs/bench.md says what each line means. `--seconds 2` makes it short, `--sessions 100000` makes
the large table smaller.
"""

import argparse
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench import joins, load, money, slots
from bench.load import Load
from bench.meter import Meter
from bench.report import Report
from config.serve import is_up, web_server
from openmentor.base import embedded
from openmentor.base.embedded_server import SUPERUSER, Server, find_server

ROOT = Path(__file__).resolve().parent.parent
WARM = 1_000
"""Answers after which connections are open, statements planned and lazy imports done."""
WORKERS = 2
THREADS = 8
MINUTES = 30
PAGES_A_SECOND = 1_000
BOOKINGS_A_SECOND = 600
MOST_QUERIES = 3
MOST_GROWTH = 1.2
"""How many times dearer a page may be in the large table; the two are measured in turn."""


@dataclass(frozen=True)
class Stage:
    """A filled database, the environment that leads there, and what is in it."""

    name: str
    environment: Mapping[str, str]
    facts: dict[str, Any]


def main() -> int:
    """Measure everything and print it; 1 if something is slower than it has to be."""
    asked = arguments()
    missed = slots.main()
    data = Path(os.environ.get("OPENMENTOR_DATA", ROOT / ".data" / "bench")).resolve()
    embedded.database_url(data)
    try:
        server = find_server(data)
        small = prepared(server, data, "bench_small", sessions=0)
        large = prepared(server, data, "bench_large", sessions=asked.sessions)
        with serving(small, server) as beside, serving(large, server) as web:
            report = Report()
            hello = web.measure(itertools.repeat(load.request("GET", "/healthz")), asked)
            report.load("hello world (GET /healthz)", hello)
            compare(report, asked, (beside, web), limit=hello.rate)
            booked = web.measure(bookings(large), asked, expected=201)
            groups = (large.facts["groups"], large.facts["tokens"])
            at_one = web.measure(joins.at_one(*groups), asked, expected=201)
            at_many = web.measure(joins.at_many(*groups), asked, expected=201)
        bare = pgbench(server, large, seconds=asked.seconds)
        report.rate("a booking's bare SQL (pgbench)", bare)
        report.load("POST /api/sessions/book", booked, limit=bare, target=BOOKINGS_A_SECOND)
        report.load("joining one group session", at_one, target=joins.JOINS_A_SECOND)
        report.rate("that is so many times pretix", at_one.rate / joins.PRETIX_A_SECOND)
        report.load("joining many group sessions", at_many)
        report.fact("queries for a page of slots", large.facts["queries"], most=MOST_QUERIES)
        with_money(report, asked, small, server)
        return int(bool(missed or report.misses))
    finally:
        embedded.leave(data)


def with_money(report: Report, asked: argparse.Namespace, stage: Stage, server: Server) -> None:
    """What a paid booking and a webhook cost, on servers of their own."""
    with serving(stage, server) as web:
        money.pay(web, asked, report)
    hearing = replace(stage, environment={**stage.environment, **money.HEARING})
    with serving(hearing, server) as web:
        money.hear(web, asked, report)


def arguments() -> argparse.Namespace:
    """What the caller wants."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measures OpenMentor.")
    parser.add_argument("--seconds", type=float, default=8, help="for each measurement")
    parser.add_argument("--sessions", type=int, default=1_000_000, help="in the large table")
    return parser.parse_args()


def prepared(server: Server, data: Path, name: str, *, sessions: int) -> Stage:
    """The database of this name, with so many sessions of other mentors in it."""
    with psycopg.connect(server.url(SUPERUSER), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            print(f"Filling {name} (once).", flush=True)
            connection.execute(f"CREATE DATABASE {name}")
    environment = {
        **os.environ,
        "OPENMENTOR_DATA": str(data),
        "DATABASE_URL": server.url(name),
        "DEMO": "on",
        "RATE_LIMITS": "off",
    }
    told = subprocess.run(
        [sys.executable, "-m", "bench.data", str(sessions)],
        check=True,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )
    return Stage(name, environment, json.loads(told.stdout.splitlines()[-1]))


@dataclass(frozen=True)
class Web:
    """A web server on a stage."""

    stage: Stage
    port: int
    meter: Meter

    def measure(
        self, requests: Iterable[bytes], asked: argparse.Namespace, *, expected: int = 200
    ) -> Load:
        """The load of these requests when the server is warm; all answers must be the expected."""
        unsent = iter(requests)
        load.drive(self.port, unsent, seconds=1, least=WARM)
        before = self.meter.read()
        measured = load.drive(self.port, unsent, seconds=asked.seconds)
        web, database = (after - b for b, after in zip(before, self.meter.read(), strict=True))
        if set(measured.statuses) != {expected}:
            raise RuntimeError(f"Not every answer was {expected}: {dict(measured.statuses)}")
        return replace(measured, worked=(web, database))


@contextmanager
def serving(stage: Stage, server: Server) -> Iterator[Web]:
    """A web server on this database, as `bin/dev` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = web_server(port, workers=WORKERS, threads=THREADS)
    log = (Path(stage.environment["OPENMENTOR_DATA"]) / f"{stage.name}.log").open("w")
    with log:
        program = subprocess.Popen(
            command, cwd=ROOT, env=dict(stage.environment), stdout=log, stderr=log
        )
    try:
        while not is_up(port):
            if program.poll() is not None:
                raise RuntimeError(f"The web server did not start; {log.name} says why.")
            time.sleep(0.1)
        yield Web(stage, port, Meter(program.pid, server.cluster))
    finally:
        program.terminate()
        program.wait()


def compare(
    report: Report, asked: argparse.Namespace, webs: tuple[Web, Web], *, limit: float
) -> None:
    """Sixty days of a mentor with 150 sessions, in turn beside few and many sessions of others."""
    rounds = [
        [
            web.measure(itertools.repeat(load.request("GET", web.stage.facts["page"])), asked)
            for web in webs
        ]
        for _ in range(2)
    ]
    small, large = (max(loads, key=lambda each: each.rate) for loads in zip(*rounds, strict=True))
    report.load("60 days of slots, small table", small, limit=limit)
    report.load("60 days of slots, large table", large, limit=limit, target=PAGES_A_SECOND)
    growth = sum(large.worked) / len(large.latencies) / sum(small.worked) * len(small.latencies)
    report.fact("times dearer in the large table", growth, most=MOST_GROWTH)


def bookings(stage: Stage) -> Iterator[bytes]:
    """Bookings that all can be had: no mentor and no mentee twice at a time."""
    desks, tokens = stage.facts["desks"], stage.facts["tokens"]
    first = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for number in itertools.count():
        slot, desk = divmod(number, len(desks))
        handle, session_type = desks[desk]
        starts_at = first + timedelta(days=2, minutes=MINUTES * slot)
        wanted = {
            "mentorId": handle,
            "sessionTypeId": session_type,
            "scheduledAt": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}",
        }
        yield load.request(
            "POST",
            "/api/sessions/book",
            body=json.dumps(wanted).encode(),
            token=tokens[(desk + slot) % len(tokens)],
        )


def pgbench(server: Server, stage: Stage, *, seconds: float) -> float:
    """How many bookings a second the database makes when nothing else has to be done."""
    script = Path(stage.environment["OPENMENTOR_DATA"]) / "booking.sql"
    script.write_text(stage.facts["bare_booking"])
    how = ["--no-vacuum", "--protocol=prepared", "--client=8", "--jobs=2"]
    long = [f"--time={max(1, round(seconds))}", f"--file={script}"]
    said = subprocess.run(
        [server.programs / "pgbench", *how, *long, stage.environment["DATABASE_URL"]],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(re.findall(r"tps = ([0-9.]+)", said.stdout)[-1])


if __name__ == "__main__":
    sys.exit(main())
