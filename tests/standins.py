"""Stand-ins as fixtures: servers on a free port, each with its journal; a plugin of pytest."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from standins.remote import Remote, running


@pytest.fixture
def razorpay_standin(tmp_path: Path) -> Iterator[Remote]:
    """A Razorpay-like server of this test's own."""
    with running("razorpay", book=tmp_path / "razorpay.jsonl") as remote:
        yield remote


@pytest.fixture
def stripe_standin(tmp_path: Path) -> Iterator[Remote]:
    """A Stripe-like server of this test's own."""
    with running("stripe", book=tmp_path / "stripe.jsonl") as remote:
        yield remote


@pytest.fixture(scope="session")
def localstripe() -> Iterator[str]:
    """The address of somebody else's Stripe stand-in. It has no checkout sessions."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_port(port)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "it did not start within 20 seconds"
            time.sleep(0.05)
        else:
            return
