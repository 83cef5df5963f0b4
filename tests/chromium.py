"""The browser of the browser tests and of the screenshots."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

OPTIONS = [
    "--no-sandbox",  # Root has no other way; only our own pages are opened.
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium, or Playwright's own where the system has none."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=path, args=OPTIONS)
