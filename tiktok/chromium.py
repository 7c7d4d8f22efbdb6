"""Debian's Chromium, driven by Playwright: for end-to-end tests and pictures."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "Chromium is needed and was not found. Install Debian's (apt-get install chromium) "
    "or name one with CHROMIUM=/path/to/chromium."
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these every start looks for Google's hosts.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Return the path of Chromium, None when there is none."""
    names = filter(None, (os.environ.get("CHROMIUM"), *NAMES))
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def launched(flags: Sequence[str] = ()) -> Iterator[Browser]:
    """Start a headless browser and end it; RuntimeError says what to install."""
    path = find_chromium()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, headless=True, args=[*FLAGS, *flags]
        )
        try:
            yield browser
        finally:
            browser.close()
