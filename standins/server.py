"""The plumbing: requests in, answers out, over plain HTTP, one thread for each."""

import contextlib
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asked; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one if it is something else."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def form(self) -> dict[str, Any]:
        """The fields of the body and the query; `a[b][0]=c` is `{"a": {"b": {"0": "c"}}}`."""
        fields: dict[str, Any] = {}
        pairs = parse_qsl(self.query) + parse_qsl(self.body.decode(errors="replace"))
        for name, value in pairs:
            *outer, last = re.findall(r"[^\[\]]+", name) or [name]
            inner = fields
            for key in outer:
                inner = inner.setdefault(key, {})
            inner[last] = value
        return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back; nothing at all if the line is `dropped`."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    dropped: bool = False


def json_answer(value: object, status: int = 200) -> Answer:
    """This value as JSON."""
    return Answer(status=status, body=json.dumps(value).encode())


def page(text: str, *, status: int = 200, kind: str = "text/html; charset=utf-8") -> Answer:
    """This text for a browser."""
    return Answer(status=status, body=text.encode(), kind=kind)


def redirect(url: str) -> Answer:
    """Go there, with GET."""
    return Answer(status=303, headers={"Location": url})


class Server:
    """Answers on a port until it is stopped; port 0 is any free one."""

    def __init__(self, answer: Callable[[Request], Answer], *, host: str, port: int) -> None:
        handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
        self._http = _Http((host, port), handler)
        self.url = f"http://{host}:{self._http.server_address[1]}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        """Serve in this thread."""
        self._http.serve_forever(poll_interval=0.01)

    def stop(self) -> None:
        """Stop serving and give the port back."""
        self._http.shutdown()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    answer: Callable[[Request], Answer]

    def _respond(self) -> None:
        where = urlsplit(self.path)
        answer = self.answer(
            Request(
                method=self.command,
                path=where.path,
                query=where.query,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
        )
        self.close_connection = True
        if answer.dropped:
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # Who asked may have given up waiting.
            self.wfile.write(answer.body)

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_PATCH(self) -> None:
        self._respond()

    def do_OPTIONS(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's own name
        """Nothing: the journal says what matters."""
