"""The stand-ins themselves: started by hand, strict about keys, and never forgetting money."""

import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from standins import journal
from standins.remote import Remote
from tests.contracts.parties import Party, adapter

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["razorpay", "stripe"])
def test_a_stand_in_starts_by_hand_and_says_how_to_use_it(name: str, tmp_path: Path) -> None:
    book = tmp_path / "money.jsonl"
    command = [sys.executable, "-m", "standins", name, "--port", "0", "--journal", str(book)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            words = process.stdout.readline()
            url = words.split(" at ")[1].split(". ")[0]
            assert process.stdout.readline().startswith(name.upper())
            remote = Remote(name=name, url=url, book=book)
            party = Party(adapter(remote), remote)
            report = party.paid(party.order())
        finally:
            process.kill()
    assert journal.captured(book) == {report.provider_payment_id: 150_000}


def test_the_journal_goes_on_where_it_ended(tmp_path: Path) -> None:
    book = tmp_path / "money.jsonl"
    for payment in ("pay_1", "pay_2"):
        written = journal.Journal(book)
        written.write("captured", payment=payment, amount=100)
        written.write("refunded", payment=payment, refund=f"re_{payment}", amount=40)
        written.close()
    assert journal.captured(book) == {"pay_1": 100, "pay_2": 100}
    assert journal.refunded(book) == {"pay_1": 40, "pay_2": 40}


def test_nobody_gets_in_without_the_key(remote: Remote) -> None:
    for path in ("/v1/orders/order_1", "/v1/payments/pay_1", "/v1/refunds", "/v1/nothing"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(remote.url + path)
        with refused.value as error:
            assert error.code in {401, 404}


def test_a_command_that_nobody_knows_is_refused(remote: Remote) -> None:
    with pytest.raises(AssertionError):
        remote.script(call="refund", fault="earthquake")
