"""One product per test process, one browser per test file, a fresh visitor per test."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tiktok import chromium
from tiktok.instance import Instance
from tiktok.tests.e2e.calls import Caller
from tiktok.tests.e2e.visitor import Visitor
from videos.tests.media import samples

Arrive = Callable[..., Visitor]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with Instance(tmp_path_factory.mktemp("product")) as instance:
        yield instance


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.landscape_h264(tmp_path_factory.mktemp("clip"), seconds=4)


# Not for the whole session: Playwright keeps an event loop in this thread, and Django refuses
# database work beside one.
@pytest.fixture(scope="module")
def browser(product: Instance) -> Iterator[Browser]:
    if chromium.find_chromium() is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    with chromium.launched() as browser:
        yield browser


@pytest.fixture
def arrive(browser: Browser, product: Instance) -> Iterator[Arrive]:
    """Return a maker of visitors; at the end nobody's scripts may have complained."""
    visitors: list[Visitor] = []

    def make(*, javascript: bool = True) -> Visitor:
        visitors.append(Visitor.arrive(browser, product.url, javascript=javascript))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.context.close()
    assert [visitor.faults for visitor in visitors] == [[]] * len(visitors)


@pytest.fixture(scope="session")
def author(product: Instance) -> Caller:
    return Caller(product.url, f"author_{secrets.token_hex(3)}")


@pytest.fixture(scope="session")
def three_videos(author: Caller, clip: Path) -> list[str]:
    return [author.publish(clip, f"Number {number} #counting") for number in (1, 2, 3)]
