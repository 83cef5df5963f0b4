"""A real browser in front of a real server, and what journeys ask of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from openmentor.people.models import Person
from tests import chromium

PHONE, DESKTOP = 360, 1280
_AXE = Axe()


@dataclass
class Reader:
    """Somebody in front of a screen; `complaints` are the errors that the browser logged."""

    page: Page
    server: str
    complaints: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.server + path)

    @property
    def path(self) -> str:
        """The address without the server."""
        return self.page.url.removeprefix(self.server)

    @property
    def main(self) -> str:
        """The words of the page, with single spaces."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def focused(self) -> str:
        """The accessible words of whatever has the focus."""
        said = self.page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText }"
        )
        return " ".join(str(said or "").split())

    def tabs_to(self, words: str) -> None:
        """Press Tab until something that begins with these words has the focus."""
        passed = []
        for _ in range(80):
            self.page.keyboard.press("Tab")
            passed.append(self.focused)
            if passed[-1].startswith(words):
                return
        pytest.fail(f"Tab never reaches {words!r}, only {passed}")

    def presses(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def finds_no_barrier(self) -> None:
        """axe has nothing to say about the page, and nothing is wider than the screen."""
        violations = _AXE.run(self.page).response["violations"]
        found = [(each["id"], [node["target"] for node in each["nodes"]]) for each in violations]
        assert found == [], self.path
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.page.evaluate(wider), f"{self.path} scrolls sideways"

    def _hears(self, message: ConsoleMessage) -> None:
        # A refusal is an answer with a status of 4xx; the browser and htmx log it as an error.
        is_refusal = "status of 4" in message.text or "Status Error Code 4" in message.text
        if message.type == "error" and not is_refusal:
            self.complaints.append(message.text)


Visit = Callable[..., Reader]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with sync_playwright() as playwright:
        launched = chromium.launch(playwright)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Opens a window: `visit(as_=tom, width=PHONE, theme="dark", javascript=False)`.

    A journey during which the browser complains (a script that fails, a broken security policy)
    has failed.
    """
    readers: list[Reader] = []

    def open_window(
        *,
        as_: Person | None = None,
        width: int = DESKTOP,
        theme: Any = "light",
        javascript: bool = True,
        zone: str = "Europe/London",
    ) -> Reader:
        window = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=theme,
            java_script_enabled=javascript,
            timezone_id=zone,
            reduced_motion="reduce",
        )
        window.set_default_timeout(10_000)
        cookies = {"zone": zone}
        if as_ is not None:
            client = Client()
            client.force_login(as_)
            cookies["sessionid"] = client.cookies["sessionid"].value
        window.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in cookies.items()
            ]
        )
        reader = Reader(window.new_page(), live_server.url)
        reader.page.on("console", reader._hears)
        reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
        readers.append(reader)
        return reader

    yield open_window
    complaints = [complaint for reader in readers for complaint in reader.complaints]
    for reader in readers:
        reader.page.context.close()
    assert complaints == []
