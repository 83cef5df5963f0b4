"""Eight clients in one thread: they send ready-made requests and read no more than they must.

The clients share the machine with what they measure, so they cost as little as Python can: no
parsing but for the status and the length, one `select` for all of them.
"""

import selectors
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

CLIENTS = 8
_CHUNK = 1 << 18


@dataclass(frozen=True)
class Load:
    """What came of so many seconds of requests; latencies are seconds, sorted.

    `worked` are the seconds of processor time that the web server and the database took.
    """

    seconds: float
    statuses: Counter[int]
    latencies: list[float]
    worked: tuple[float, float] = (0.0, 0.0)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    @property
    def web_ms(self) -> float:
        """What an answer costs the web server, in milliseconds of one processor."""
        return self.worked[0] / len(self.latencies) * 1000

    @property
    def database_ms(self) -> float:
        """What an answer costs the database."""
        return self.worked[1] / len(self.latencies) * 1000

    @property
    def median_ms(self) -> float:
        """Half of the answers took no longer."""
        return statistics.median(self.latencies) * 1000

    @property
    def slow_ms(self) -> float:
        """One answer in a hundred took longer."""
        return self.latencies[len(self.latencies) * 99 // 100] * 1000


@dataclass
class _Client:
    """One connection, and what has come of the answer it waits for."""

    socket: socket.socket
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def request(method: str, path: str, *, body: bytes = b"", token: str = "", **headers: str) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    if body:
        lines.append("Content-Type: application/json")
    if token:
        lines.append(f"Authorization: Bearer {token}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def drive(
    port: int,
    requests: Iterable[bytes],
    *,
    seconds: float,
    least: int = 0,
    clients: int = CLIENTS,
) -> Load:
    """Send the requests, each client one after the other, until the time or they are over.

    Not before there are `least` answers.
    """
    waiting = selectors.DefaultSelector()
    unsent = iter(requests)
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    begun = time.perf_counter()
    open_clients = sum(_begin(waiting, port, unsent) for _ in range(clients))
    while open_clients:
        for key, _ in waiting.select():
            client: _Client = key.data
            client.received += client.socket.recv(_CHUNK)
            status = _finished(client.received)
            if not status:
                continue
            now = time.perf_counter()
            latencies.append(now - client.sent_at)
            statuses[status] += 1
            client.received.clear()
            over = now - begun > seconds and len(latencies) >= least
            if over or not _send(client, unsent):
                waiting.unregister(client.socket)
                client.socket.close()
                open_clients -= 1
    return Load(time.perf_counter() - begun, statuses, sorted(latencies))


def _begin(waiting: selectors.BaseSelector, port: int, unsent: Iterator[bytes]) -> bool:
    """Connect a client and send its first request; False if there is none."""
    client = _Client(socket.create_connection(("127.0.0.1", port)))
    client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    waiting.register(client.socket, selectors.EVENT_READ, client)
    return _send(client, unsent)


def _send(client: _Client, unsent: Iterator[bytes]) -> bool:
    following = next(unsent, None)
    if following is None:
        return False
    client.sent_at = time.perf_counter()
    client.socket.sendall(following)
    return True


def _finished(received: bytearray) -> int:
    """The status of a complete answer; 0 while some of it is still on its way."""
    if not received:
        raise ConnectionError("The server hung up.")
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return 0
    start = received.find(b"\r\ncontent-length:", 0, head)
    if start < 0:
        return int(received[9:12]) if received.endswith(b"0\r\n\r\n") else 0
    length = int(received[start + 17 : received.index(b"\r\n", start + 2)])
    return int(received[9:12]) if len(received) >= head + 4 + length else 0
