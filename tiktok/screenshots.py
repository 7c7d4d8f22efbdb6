"""`make screenshots`: the main screens as people see them, into docs/images.

Starts a product of its own and seeds the demo through the real pipeline; `--url` and `--password`
take the pictures from one that runs already.
"""

import argparse
import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from tiktok import chromium
from tiktok.instance import ROOT, Instance

IMAGES = ROOT / "docs" / "images"
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
WHO, PASSWORD = "linh.tran", "pictures of the demo"
QUALITY = 84
# Screen, its page, whether it is looked at signed in.
SCREENS = (
    ("following", "/following", True),
    ("explore", "/explore", False),
    ("profile", "/@thuy.anh", True),
    ("upload", "/upload", True),
    ("studio", "/studio", True),
    ("settings", "/settings/profile", True),
    ("sign-up", "/signup", False),
    ("sign-in", "/signin", False),
)


def main() -> None:
    """Take all pictures in light and the player's and profile's in dark too."""
    parser = argparse.ArgumentParser(prog="python -m tiktok.screenshots", description=__doc__)
    parser.add_argument("--url", help="of a running product with the demo in it")
    parser.add_argument("--password", default=PASSWORD, help="of its demo people")
    options = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _product(options.url) as url, chromium.launched() as browser:
        for name, size in SIZES.items():
            for scheme in ("light", "dark"):
                page = _open(browser, url, size, scheme)
                _sign_in(page, options.password)
                _player(page, f"{name}-{scheme}")
                _pages(page, f"{name}-{scheme}", signed_in=True)
                page.context.close()
                page = _open(browser, url, size, scheme)
                _pages(page, f"{name}-{scheme}", signed_in=False)
                page.context.close()


@contextmanager
def _product(url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with (
        TemporaryDirectory(prefix="toptop-pictures-") as folder,
        Instance(Path(folder)) as instance,
    ):
        argv = [sys.executable, "manage.py", "seed_demo", "--password", PASSWORD]
        subprocess.run(argv, env=instance.env, cwd=ROOT, check=True)
        yield instance.url


def _open(browser: Browser, url: str, size: tuple[int, int], scheme: str) -> Page:
    context = browser.new_context(
        base_url=url,
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-US",
    )
    return context.new_page()


def _sign_in(page: Page, password: str) -> None:
    page.goto("/signin")
    page.fill("input[name=login]", WHO)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("body[data-user]")


def _player(page: Page, kind: str) -> None:
    """The feed with a chosen clip playing, its comments, and its own page."""
    page.goto("/@thuy.anh")
    target = page.locator("main a[href*='/video/']").first.get_attribute("href")
    page.goto("/")
    _play(page)
    _save(page, f"feed-{kind}")
    page.locator("[data-comments]:visible").first.click()
    page.wait_for_selector(".comment__text")
    page.wait_for_timeout(600)
    _save(page, f"comments-{kind}")
    page.goto(str(target))
    _play(page)
    _save(page, f"watch-{kind}")
    if kind == "desktop-dark":
        (IMAGES / "feed.png").write_bytes(page.screenshot())


def _play(page: Page) -> None:
    moving = "v => !v.paused && v.currentTime > 1.5"
    playing = f"() => [...document.querySelectorAll('video')].some({moving})"
    page.wait_for_function(playing)


def _pages(page: Page, kind: str, *, signed_in: bool) -> None:
    for name, path, known in SCREENS:
        if known == signed_in:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(300)
            _save(page, f"{name}-{kind}")


def _save(page: Page, name: str) -> None:
    """Write the window as WebP: a tenth of the PNG's weight in the repository."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").save(IMAGES / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
