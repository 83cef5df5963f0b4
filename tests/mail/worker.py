"""A worker that lives by a fake clock, until it is killed.

`python -m tests.mail.worker scheduler|sender CLOCK`: a scheduler reacts to what happened, a sender
sends what is due. The clock is a file with an instant in it.
"""

import sys
import time
from datetime import datetime
from pathlib import Path

import django

PAUSE = 0.02


def main(role: str, clock: Path) -> None:
    """Work for ever."""
    django.setup()
    from openmentor.delivery import messages, wiring  # noqa: PLC0415 - Django comes first
    from openmentor.delivery.post import Office  # noqa: PLC0415

    def now() -> datetime:
        return datetime.fromisoformat(clock.read_text())

    while True:
        if role == "scheduler":
            wiring.react(now=now())
        else:
            with Office() as office:
                while messages.send_next(office, now=now()):
                    pass
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
