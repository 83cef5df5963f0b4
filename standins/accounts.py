"""Opening an account at a stand-in: its keys, its journal, its port."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from standins import front, razorpay_events, stripe_events
from standins.journal import Journal
from standins.outbox import Outbox
from standins.razorpay import Razorpay
from standins.server import Server
from standins.stripe import Stripe

KEY_ID = "rzp_test_standin"
RAZORPAY_SECRET = "standin-key-secret"
STRIPE_SECRET = "sk_test_standin"
WEBHOOK_SECRET = "whsec_standin"
NAMES = ("razorpay", "stripe")


@dataclass(slots=True, kw_only=True)
class Account:
    """A stand-in that is listening once its server is started."""

    name: str
    server: Server
    journal: Journal
    outbox: Outbox

    def close(self) -> None:
        """Stop, and finish the journal."""
        self.server.stop()
        self.outbox.stop()
        self.journal.close()


def opened(
    name: str,
    *,
    journal: Path,
    host: str = "127.0.0.1",
    port: int = 0,
    webhook_url: str = "",
    webhook_secret: str = WEBHOOK_SECRET,
) -> Account:
    """An account at the stand-in of this name; it sends webhooks if it is told where to."""
    book = Journal(journal)
    sign = razorpay_events.sign if name == "razorpay" else stripe_events.sign
    outbox = Outbox(sign, journal=book, url=webhook_url, secret=webhook_secret)
    if name == "razorpay":
        razorpay = Razorpay(key_id=KEY_ID, key_secret=RAZORPAY_SECRET, journal=book, outbox=outbox)
        server = Server(partial(front.answer, razorpay), host=host, port=port)
    else:
        stripe = Stripe(secret_key=STRIPE_SECRET, journal=book, outbox=outbox)
        server = Server(partial(front.answer, stripe), host=host, port=port)
        stripe.url = server.url
    return Account(name=name, server=server, journal=book, outbox=outbox)
