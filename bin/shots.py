"""Photographs the pages as each person sees them: phone and desktop, light and dark."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import launch

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "shots"
PORT = "8090"
PASSWORD = "openmentor-demo"
SIZES = {"phone": (360, 780), "desktop": (1280, 900)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Shot:
    """A page: its name, its address, whose eyes see it, and the first link to follow from it."""

    name: str
    address: str
    who: str = ""
    follow: str = ""


SHOTS = [
    Shot("home", "/"),
    Shot("mentors", "/mentors"),
    Shot("mentor", "/mentors", follow="main a[href^='/mentors/']"),
    Shot("sign-in", "/account/login/"),
    Shot("sign-up", "/account/signup/"),
    Shot("missing", "/no-such-page"),
    Shot("home-mentee", "/", "tom"),
    Shot("my-sessions-mentee", "/my-sessions", "tom"),
    Shot("session-mentee", "/my-sessions", "tom", follow="main a[href^='/sessions/']"),
    Shot("profile-mentee", "/account/profile", "tom"),
    Shot("tokens", "/account/tokens", "tom"),
    Shot("my-sessions-mentor", "/my-sessions", "maya"),
    Shot("session-mentor", "/my-sessions", "maya", follow="main a[href^='/sessions/']"),
    Shot("profile-mentor", "/account/profile", "maya"),
    Shot("ask", "/mentors/maya-rao/request", "tom"),
    Shot("requests", "/requests", "tom"),
    Shot("request-new", "/requests/new", "tom"),
    Shot("request", "/requests", "tom", follow="#posted a[href^='/requests/REQUEST-']"),
    Shot("board", "/board", "maya"),
    Shot("board-claim", "/board", "maya", follow="#mine a[href^='/board/']"),
    Shot("answer", "/mentor", "maya", follow="main a[href$='/answer']"),
    Shot("styleguide", "/styleguide"),
]


def main(arguments: Sequence[str]) -> None:
    """Photograph the named pages, or all, of the instance at the first argument, or of our own."""
    if arguments and arguments[0].startswith("http"):
        photograph(arguments[0].rstrip("/"), names=set(arguments[1:]))
    else:
        with own_instance() as site:
            photograph(site, names=set(arguments))


@contextmanager
def own_instance() -> Iterator[str]:
    """The address of an instance with the demo that runs as long as the context."""
    data = ROOT / ".data" / "shots"
    environment = os.environ | {"PORT": PORT, "OPENMENTOR_DATA": str(data)}
    site = f"http://localhost:{PORT}"
    with subprocess.Popen([ROOT / "bin" / "dev"], env=environment) as instance:
        try:
            while instance.poll() is None and not answers(f"{site}/healthz"):
                time.sleep(0.2)
            if instance.returncode is not None:
                sys.exit("There is nothing to photograph.")
            yield site
        finally:
            instance.terminate()


def answers(address: str) -> bool:
    """Whether something answers there."""
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def photograph(site: str, *, names: set[str]) -> None:
    """Write the pictures, and name the pages that are wider than their screen or broken."""
    FOLDER.mkdir(exist_ok=True)
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for who in dict.fromkeys(shot.who for shot in shots):
            for size in SIZES:
                for theme in THEMES:
                    page = open_as(browser, site, who=who, size=size, theme=theme)
                    for shot in shots:
                        if shot.who == who:
                            troubles += take(page, site, shot, suffix=f"{size}-{theme}")
                    page.context.close()
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures are in {FOLDER.name}/.")
    if troubles:
        sys.exit("\n".join(troubles))


def open_as(
    browser: Browser, site: str, *, who: str, size: str, theme: Literal["light", "dark"]
) -> Page:
    """A page on such a screen, signed in through the form; `who` is empty for a visitor."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    if who:
        page.goto(f"{site}/account/login/")
        page.locator("input[name=login]").fill(f"{who}@example.com")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda address: "/login" not in address)
    return page


def take(page: Page, site: str, shot: Shot, *, suffix: str) -> list[str]:
    """Photograph one page; what is wrong with it, in words."""
    answer = page.goto(site + shot.address)
    if shot.follow:
        link = page.locator(shot.follow).first
        if not link.count():
            return [f"{shot.name}: nothing to follow on {shot.address}"]
        answer = page.goto(site + (link.get_attribute("href") or ""))
    page.screenshot(path=FOLDER / f"{shot.name}-{suffix}.png", full_page=True)
    troubles = []
    if answer is None or answer.status >= 500:
        troubles.append(f"{shot.name}: broken")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        troubles.append(f"{shot.name}-{suffix}: wider than the screen")
    return troubles


if __name__ == "__main__":
    main(sys.argv[1:])
