"""Runs a stand-in: `python -m standins razorpay --port 9001 --journal money.jsonl`."""

import argparse
import contextlib
from pathlib import Path

from standins import accounts
from standins.accounts import KEY_ID, NAMES, RAZORPAY_SECRET, STRIPE_SECRET, WEBHOOK_SECRET

PORTS = {"razorpay": 9001, "stripe": 9002}


def main() -> None:
    """Serve until it is stopped, after saying how to use it."""
    parser = argparse.ArgumentParser(prog="python -m standins", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="default: 9001 for razorpay, 9002 for stripe")
    parser.add_argument("--journal", type=Path, required=True, help="the file of money facts")
    parser.add_argument("--webhook-url", default="", help="where to send webhooks; none: nowhere")
    parser.add_argument("--webhook-secret", default=WEBHOOK_SECRET)
    asked = parser.parse_args()
    account = accounts.opened(
        asked.name,
        journal=asked.journal,
        host=asked.host,
        port=PORTS[asked.name] if asked.port is None else asked.port,
        webhook_url=asked.webhook_url,
        webhook_secret=asked.webhook_secret,
    )
    print(_how_to_use(asked.name, account.server.url, asked.webhook_secret), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        account.server.serve()
    account.outbox.stop()
    account.journal.close()


def _how_to_use(name: str, url: str, webhook_secret: str) -> str:
    settings = {
        "razorpay": {
            "RAZORPAY_KEY_ID": KEY_ID,
            "RAZORPAY_KEY_SECRET": RAZORPAY_SECRET,
            "RAZORPAY_WEBHOOK_SECRET": webhook_secret,
            "RAZORPAY_BASE_URL": url,
            "RAZORPAY_CHECKOUT_URL": f"{url}/v1/checkout.js",
        },
        "stripe": {
            "STRIPE_SECRET_KEY": STRIPE_SECRET,
            "STRIPE_WEBHOOK_SECRET": webhook_secret,
            "STRIPE_BASE_URL": url,
            "STRIPE_CHECKOUT_URL": url,
        },
    }
    lines = [f"{setting}={value}" for setting, value in settings[name].items()]
    return "\n".join(
        [f"A stand-in for {name} is listening at {url}. Start OpenMentor with", *lines]
    )


if __name__ == "__main__":
    main()
