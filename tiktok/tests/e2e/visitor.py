"""Somebody at a browser, and the few things that every journey does."""

import secrets
from dataclasses import dataclass, field

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    ViewportSize,
    expect,
)

PASSWORD = "correct horse battery"
PHONE = ViewportSize(width=390, height=844)
PATIENCE_MS = 90_000  # two shared cores: long enough for a transcode beside everything else
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visitor:
    """One browser with cookies of its own."""

    base: str
    context: BrowserContext
    page: Page
    username: str = ""
    faults: list[str] = field(default_factory=list)

    @classmethod
    def arrive(cls, browser: Browser, base: str, *, javascript: bool = True) -> "Visitor":
        """Open a phone-sized window; what scripts throw or the console reports is kept."""
        context = browser.new_context(
            viewport=PHONE, base_url=base, locale="en-US", java_script_enabled=javascript
        )
        context.set_default_timeout(PATIENCE_MS)
        visitor = cls(base, context, context.new_page())
        visitor.page.on("pageerror", visitor.note)
        visitor.page.on("console", visitor.note)
        return visitor

    def note(self, said: Error | ConsoleMessage) -> None:
        """Keep an exception, or a line of the console if it is an error.

        Requests without a network are logged by the browser itself, whenever it gets to it; only
        tests that take the network away see them.
        """
        if isinstance(said, Error):
            self.faults.append(str(said))
        elif said.type == "error" and "ERR_INTERNET_DISCONNECTED" not in said.text:
            self.faults.append(said.text)

    def sign_up(self, name: str) -> None:
        """Fill in the form of /signup; ends on the feed."""
        self.username = f"{name}_{secrets.token_hex(3)}"
        self.page.goto("/signup")
        self.page.fill("input[name=email]", f"{self.username}@example.com")
        self.page.fill("input[name=username]", self.username)
        self.page.fill("input[name=password1]", PASSWORD)
        self.page.get_by_role("button", name="Create account").click()
        self.page.wait_for_url(f"{self.base}/")
        if self.page.evaluate("1") == 1:
            expect(self.page.locator("body")).to_have_attribute("data-user", self.username)

    def card(self, caption: str) -> Locator:
        """Return the card whose caption contains `caption`."""
        return self.page.locator("[data-card]", has_text=caption)

    def see_playing(self, card: Locator) -> None:
        """Wait until the card's video has moved on by itself, and then moves on again."""
        video = card.locator("video")
        moved = "video => !video.paused && video.currentTime > {}"
        handle = video.element_handle()
        assert handle is not None
        self.page.wait_for_function(moved.format(0), arg=handle)
        now = float(video.evaluate("video => video.currentTime"))
        self.page.wait_for_function(
            "([video, at]) => !video.paused && video.currentTime !== at", arg=[handle, now]
        )

    def wait_for_one(self, *, past: str = "ArrowDown") -> str:
        """Wait until exactly one video plays, and the player minds it; return its id.

        Other tests of this server post words and pictures too: cards that hold no video are left
        by the key `past`.
        """
        playing = "[...document.querySelectorAll('[data-card] video')].filter(v => !v.paused)"
        while True:
            found = self.page.wait_for_function(
                f"""() => {{
                    const top = (element) => element.getBoundingClientRect().top;
                    const card = [...document.querySelectorAll(".reel > [data-card]")].find(
                        (one) => Math.abs(top(one) - top(one.parentElement)) < 2);
                    if (card && !card.querySelector("video")) return "still";
                    const [one, ...others] = {playing};
                    const minded = one?.matches(".has-frame") && one.currentTime > 0;
                    return !others.length && minded && one.closest("[data-card]").dataset.videoId;
                }}"""
            ).json_value()
            if found != "still":
                return str(found)
            self.page.keyboard.press(past)
            self.page.wait_for_timeout(250)
