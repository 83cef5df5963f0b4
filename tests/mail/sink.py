"""A mail server that writes down every mail, for good, before it says yes.

`python -m tests.mail.sink JOURNAL CLOCK` says its port. The journal has a line of JSON for each
mail it took, with the fake time on the clock. Now and then it says "try again later" instead.
"""

import asyncio
import json
import os
import random
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

BUSY = 0.02


class Sink:
    """Takes mails for everybody."""

    def __init__(self, journal: Path, clock: Path) -> None:
        self._journal = journal.open("a")
        self._clock = clock

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Journal first, then answer."""
        if random.random() < BUSY:
            return "451 Try again later"
        mail = message_from_bytes(envelope.content)
        line = {"id": mail["Message-ID"], "to": envelope.rcpt_tos, "at": self._clock.read_text()}
        self._journal.write(json.dumps(line) + "\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())
        return "250 Taken"


async def serve(journal: Path, clock: Path) -> None:
    """Serve until it is stopped, after saying where."""
    sink = Sink(journal, clock)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink"), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
