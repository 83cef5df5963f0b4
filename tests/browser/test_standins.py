"""The stand-ins' checkouts in a real browser, under the policy that a page of ours has."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from openmentor.payments.providers.interface import Outcome
from standins.remote import Remote
from standins.server import Server, page
from tests.contracts.parties import Party, adapter

OURS = """<!doctype html>
<p role="status">waiting</p>
<script src="{url}/v1/checkout.js"></script>
<script nonce="n">
  const told = document.querySelector("[role=status]");
  const checkout = new Razorpay({{
    key: "rzp_test_standin",
    order_id: "{order_id}",
    description: "Mock interview",
    handler: (answer) => {{ told.textContent = JSON.stringify(answer); }},
    modal: {{ ondismiss: () => {{ told.textContent = "dismissed"; }} }},
  }});
  checkout.on("payment.failed", (answer) => {{ told.textContent = answer.error.description; }});
  checkout.open();
</script>"""


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab of its own."""
    page = browser.new_page()
    page.set_default_timeout(10_000)
    yield page
    page.close()


def test_a_payer_fails_and_then_pays_in_razorpays_frame(
    razorpay_standin: Remote, tab: Page
) -> None:
    party = Party(adapter(razorpay_standin), razorpay_standin)
    order, url = party.order(), razorpay_standin.url
    policy = f"default-src 'none'; script-src {url} 'nonce-n'; frame-src {url}"
    ours = replace(
        page(OURS.format(url=url, order_id=order.provider_order_id)),
        headers={"Content-Security-Policy": policy},
    )
    server = Server(lambda _: ours, host="127.0.0.1", port=0)
    server.start()
    try:
        tab.goto(server.url)
        told = tab.get_by_role("status")
        frame = tab.frame_locator("iframe")
        frame.get_by_role("button", name="Fail").click()
        expect(told).to_contain_text("insufficient funds")
        frame.get_by_role("button", name="Pay", exact=True).click()
        expect(told).to_contain_text("razorpay_signature")
        returned = json.loads(told.text_content() or "")
    finally:
        server.stop()
    assert party.provider.verify(order, returned).outcome is Outcome.CAPTURED


def test_a_payer_fails_and_then_pays_on_stripes_page(stripe_standin: Remote, tab: Page) -> None:
    shop = Server(lambda asked: page(f"Back with {asked.query}"), host="127.0.0.1", port=0)
    shop.start()
    try:
        party = Party(adapter(stripe_standin), stripe_standin)
        order = party.order(return_url=f"{shop.url}/return")
        checkout = party.provider.create(order)
        tab.goto(checkout.browser["url"])
        tab.get_by_role("button", name="Fail").click()
        tab.get_by_text("Your card was declined.").wait_for()
        tab.get_by_role("button", name="Pay", exact=True).click()
        tab.get_by_text("Back with").wait_for()
        assert tab.url == f"{shop.url}/return?session_id={order.provider_order_id}"
    finally:
        shop.stop()
    assert party.provider.verify(order, {}).outcome is Outcome.CAPTURED
