"""Z16: hidden and missing are told apart neither by bytes nor by time, over 200 samples of each."""

import gc
import time
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from core.ids import uuid7
from tiktok.tests.visibility.sameness import fingerprint
from tiktok.tests.visibility.staging import Stage
from tiktok.tests.visibility.surfaces import API
from tiktok.tests.visibility.timing import are_apart, u_score

pytestmark = pytest.mark.django_db
SAMPLES = 200
ROUNDS = 4
HIDDEN = ("pub-friends", "priv-everyone", "pub-removed", "sus-everyone", "pub-deleted")
PATHS: dict[str, Callable[[str], str]] = {
    "API video": lambda pk: f"{API}/videos/{pk}",
    "API comments": lambda pk: f"{API}/videos/{pk}/comments",
    "watch page": lambda pk: f"/@pub/video/{pk}",
    "API status": lambda pk: f"{API}/videos/{pk}/status",
}


def test_the_statistic_knows_a_difference() -> None:
    steady = [1 + (n * 37 % 100) / 1000 for n in range(200)]
    slower = [value * 1.3 for value in steady]
    assert abs(u_score(steady, list(steady))) < 1
    assert u_score(slower, steady) > 5
    assert are_apart(slower, steady)
    assert not are_apart(steady, [value + 0.0001 for value in steady])


@pytest.mark.parametrize("surface", PATHS)
def test_hidden_and_missing_clips_are_one(world: Stage, surface: str) -> None:
    client, path = world.client("stranger"), PATHS[surface]
    hidden = [str(world.videos[name].pk) for name in HIDDEN]

    def pairs() -> Iterator[tuple[str, str, str, str]]:
        for number in range(SAMPLES):
            there, nowhere = hidden[number % len(hidden)], str(uuid7())
            yield path(there), there, path(nowhere), nowhere

    _hold(client, pairs)


@pytest.mark.parametrize("door", [f"{API}/users/{{}}", "/@{}", f"{API}/users/{{}}/followers"])
def test_hidden_and_missing_people_are_one(world: Stage, door: str) -> None:
    client = world.client("blocked")

    def pairs() -> Iterator[tuple[str, str, str, str]]:
        for number in range(SAMPLES):
            there = ("pub", "sus", "gone", "priv")[number % 4]
            nowhere = f"none{number}"
            yield door.format(there), "", door.format(nowhere), ""

    _hold(client, pairs)


def _hold(client: Client, pairs: Callable[[], Iterator[tuple[str, str, str, str]]]) -> None:
    """Compare all bytes once; then time, in rounds: a leak is there in each of them, noise not."""
    prints = set()
    for there, name, nowhere, unknown in list(pairs())[:20]:
        prints |= {fingerprint(client.get(there), asked=name)}
        prints |= {fingerprint(client.get(nowhere), asked=unknown)}
    assert len(prints) == 1
    for _ in range(ROUNDS):
        hidden, missing = _measure(client, pairs())
        if not are_apart(hidden, missing):
            return
    pytest.fail(f"told apart by time in each of {ROUNDS} rounds")


def _measure(
    client: Client, pairs: Iterator[tuple[str, str, str, str]]
) -> tuple[list[float], list[float]]:
    hidden: list[float] = []
    missing: list[float] = []
    gc.collect()
    for number, (there, _, nowhere, _) in enumerate(pairs):
        order = [(there, hidden), (nowhere, missing)]
        # Whoever comes second in a pair finds warmer caches: take turns.
        for path, times in order if number % 2 else reversed(order):
            start = time.perf_counter()
            client.get(path)
            times.append(time.perf_counter() - start)
    return hidden, missing
