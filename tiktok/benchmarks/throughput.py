"""Feed pages a second, beside an empty authenticated endpoint and a plain view in the same run."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import requests

from tiktok.benchmarks import load, machine
from tiktok.benchmarks.load import Ask
from tiktok.benchmarks.ratios import Spread
from tiktok.instance import ROOT, Instance, free_port

PAGE = 10
SLICES = 4
VIEWERS = 200
MODES = ("for-you", "following")
START_SECONDS = 30
SECONDS = 30


@dataclass(frozen=True)
class Throughput:
    """Requests a second of several things, a run each in turns; `ratio` is of each pair of runs."""

    rates: dict[str, list[float]]

    def spread(self, name: str) -> Spread:
        """Return requests a second."""
        return Spread.of(self.rates[name])

    def ratio(self, name: str, of: str) -> Spread:
        """Return how one stands to another, run by run."""
        pairs = zip(self.rates[name], self.rates[of], strict=True)
        return Spread.of([one / other for one, other in pairs])


@dataclass(frozen=True)
class Times:
    """Seconds that single requests took."""

    seconds: list[float]

    @property
    def p50(self) -> float:
        """The middle one, in milliseconds."""
        return median(self.seconds) * 1000

    @property
    def p95(self) -> float:
        """What 95 of 100 stay below, in milliseconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] * 1000


def run(instance: Instance, module: str, *arguments: str) -> str:
    """Run a module of the benchmarks with the instance's environment; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", f"tiktok.benchmarks.{module}", *arguments],
        env=instance.env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def tokens(instance: Instance, count: int = VIEWERS) -> list[str]:
    """Return stateless tokens of so many people of the dataset."""
    found: list[str] = json.loads(run(instance, "viewers", str(count)))
    return found


def cold(instance: Instance, people: list[str], *, pause: float) -> dict[str, Times]:
    """Return the times of the very first page of each person, one after the other, by mode.

    `pause` is the seconds between two people: what is prepared behind an answer takes some tenths,
    and without a pause the next page shares the processor with it.
    """
    found = {}
    for mode in MODES:
        machine.settle()
        url = f"{instance.url}/api/v1/videos/feed?mode={mode}&limit={PAGE}"
        found[mode] = Times([_timed(url, token, pause) for token in people])
    return found


def walk(instance: Instance, people: list[str], *, pages: int) -> Times:
    """Return the times of the first `pages` pages of for-you of each person."""
    times = []
    for token in people:
        url: str | None = f"{instance.url}/api/v1/videos/feed?mode=for-you&limit={PAGE}"
        for _ in range(pages):
            if url is None:
                break
            started = time.monotonic()
            answer = _get(url, token)
            times.append(time.monotonic() - started)
            url = answer.json()["next"]
    return Times(times)


def measure(instance: Instance, people: list[str], *, runs: int, seconds: float) -> Throughput:
    """Return requests a second of the floor, of plain views and of warm pages, in turns.

    A turn is one short run of each (`seconds / SLICES`), so that what is compared was measured
    within seconds: a shared machine is twice as fast at one minute as at another.
    """
    warm = {mode: _warm(instance, people, mode) for mode in MODES}
    with _floor(instance) as floor:
        kinds = {"floor": (floor, [Ask("/api/v1/empty", token) for token in people])}
        for mode in MODES:
            asks = [Ask(f"/api/v1/plain/{mode}", token) for token in people]
            kinds[f"plain {mode}"] = (floor, asks)
            kinds[mode] = (instance.url, warm[mode])
        rates: dict[str, list[float]] = {name: [] for name in kinds}
        for base, asks in kinds.values():
            load.requests_per_second(base, asks, seconds=1)
        machine.settle()
        for turn in range(runs * SLICES):
            names = list(kinds) if turn % 2 else list(reversed(kinds))
            for name in names:
                base, asks = kinds[name]
                rates[name].append(load.requests_per_second(base, asks, seconds=seconds / SLICES))
    return Throughput(rates)


def _warm(instance: Instance, people: list[str], mode: str) -> list[Ask]:
    """Begin a list for everybody and return the requests for its second page."""
    asks = []
    for token in people:
        path = f"/api/v1/videos/feed?mode={mode}&limit={PAGE}"
        first = _get(instance.url + path, token).json()
        asks.append(Ask(f"{path}&seed={first['seed']}&skip={PAGE}", token))
    for ask in asks:
        _get(instance.url + ask.path, ask.token)
    return asks


def _timed(url: str, token: str, pause: float) -> float:
    time.sleep(pause)
    started = time.monotonic()
    _get(url, token)
    return time.monotonic() - started


def _get(url: str, token: str) -> requests.Response:
    answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=SECONDS)
    answer.raise_for_status()
    return answer


@contextmanager
def _floor(instance: Instance) -> Iterator[str]:
    """Run the floor's server with the instance's environment; yield its address."""
    port = free_port()
    base = f"http://localhost:{port}"
    with (instance.folder / "floor.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tiktok.benchmarks.floor_server", str(port)],
            env=instance.env,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(f"{base}/api/v1/empty")
            yield base
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=5).status_code == requests.codes.unauthorized:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    message = "the floor's server did not start"
    raise RuntimeError(message)
