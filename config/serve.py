"""Runs all of OpenMentor on this machine: the database, the web server and the worker."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time

from openmentor.base import embedded, supervisor
from openmentor.base.supervisor import GivenUp, Program

HOST = "127.0.0.1"
SIGN_INS = """
  maya@example.com    a mentor
  tom@example.com     a mentee
  staff@example.com   staff
  Their password is openmentor-demo.
"""


class PortTaken(RuntimeError):  # noqa: N818 - said to people
    """The port cannot be had, most often because something else has it."""


def main(port: int) -> None:
    """Serve on the port until Ctrl-C or SIGTERM; everything started here has ended by then."""
    for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, signal.default_int_handler)
    try:
        demand_free(port)
        serve(port)
    except KeyboardInterrupt:
        print("Stopped.")
    except (PortTaken, GivenUp, embedded.DatabaseUnavailable) as trouble:
        sys.exit(str(trouble))
    except subprocess.CalledProcessError as failure:  # It has said why.
        sys.exit(failure.returncode)


def demand_free(port: int) -> None:
    """Raise PortTaken if we cannot listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} cannot be had: {error.strerror}. Stop what uses it, or choose"
                f" another: PORT={port + 1} bin/dev"
            ) from None


def serve(port: int) -> None:
    """Start everything, say where it is, and keep it up."""
    from config import settings  # noqa: PLC0415 - reading the settings starts the database

    web = Program(
        "web server",
        web_server(port, workers=settings.WEB_WORKERS, threads=settings.WEB_THREADS),
    )
    worker = Program("worker", [sys.executable, "manage.py", "procrastinate", "worker"])
    try:
        subprocess.run([sys.executable, "-m", "config.prepare"], check=True, process_group=0)
        web.start()
        while not is_up(port):
            supervisor.watch([web])
            time.sleep(0.05)
        worker.start()
        print(f"\nOpenMentor is at http://localhost:{port}", flush=True)
        print(f"{SIGN_INS if settings.DEMO else ''}\nCtrl-C stops it.\n", flush=True)
        while True:
            supervisor.watch([web, worker])
            time.sleep(0.5)
    finally:
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, signal.SIG_IGN)
        supervisor.stop([web, worker])
        embedded.leave(settings.DATA)


def web_server(port: int, *, workers: int, threads: int) -> list[str]:
    """The command of the web server: so many processes of so many threads."""
    where = ["--host", HOST, "--port", str(port)]
    many = ["--workers", str(workers), "--blocking-threads", str(threads)]
    how = ["--interface", "wsgi", *many, "--respawn-failed-workers"]
    quiet = ["--no-ws", "--log-level", "error"]
    return [sys.executable, "-m", "granian", *where, *how, *quiet, "config.wsgi:application"]


def is_up(port: int) -> bool:
    """Whether the web server answers."""
    client = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        client.request("GET", "/healthz")
        return client.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        client.close()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(int(sys.argv[1]))
