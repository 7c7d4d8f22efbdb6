"""The feed's section of `make bench`: throughput, cold pages, memory, growth, fan-out."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from tiktok.benchmarks import dataset, load, machine, throughput
from tiktok.benchmarks.ratios import Spread
from tiktok.benchmarks.throughput import MODES, SECONDS, Throughput, Times
from tiktok.instance import Instance

Say = Callable[[str], None]
COLD = 200  # people whose very first page is timed, half of them ...
PAUSE = 0.4  # ... with so many seconds between two, and half without
VISITORS = 20
GOALS = {
    "floor": 0.6,
    "plain": 5.0,
    "bytes": 10_500,
    "memory": 0.95,
    "cold": 60,
    "growth": 1.3,
    "embedded": 80,
}
FEW, MANY = 10, 100_000
PUBLISHED = 12


def scaled(env: dict[str, str], *, size: str, runs: int, seconds: float, say: Say) -> None:
    """Measure the scaled mode at `size` and at the tiny size, and say how cost grows."""
    load.install()
    say(f"scaled: feed pages of {throughput.PAGE}, {dataset.SIZES[size]}; by {load.tool()}")
    with _Place(env) as large:
        rates, cold = _pages(large, size, runs=runs, seconds=seconds, say=say)
        _visits(large, say)
        _fan_out(large, say)
    say(f"\nscaled: the same with {dataset.SIZES['tiny']}")
    with _Place(env) as small:
        before, cold_before = _pages(small, "tiny", runs=runs, seconds=seconds, say=say)
    say("\ncost of a page, beside the same at the tiny size")
    for mode in MODES:
        warm = before.ratio(mode, "floor").middle / rates.ratio(mode, "floor").middle
        first = cold[mode].p50 / cold_before[mode].p50
        say(f"  {mode}: warm {warm:.2f}, cold {first:.2f}  goal: at most {GOALS['growth']}")


def embedded(env: dict[str, str], *, say: Say) -> None:
    """Measure how long pages of for-you take without any service."""
    size = dataset.SIZES["small"]
    say(f"\nembedded: for-you pages of {throughput.PAGE} one after the other, {size}")
    with _Place(env) as instance:
        throughput.run(instance, "dataset", "small")
        _learn(instance)
        people = throughput.tokens(instance, 50)
        throughput.walk(instance, people[:3], pages=2)
        found = throughput.walk(instance, people[3:], pages=6)
        say(f"  {_said(found)}  goal: p95 under {GOALS['embedded']} ms")


class _Place:
    """A running product in a folder of its own."""

    def __init__(self, env: dict[str, str]) -> None:
        self._folder = TemporaryDirectory(prefix="toptop-bench-")
        self._instance = Instance(
            Path(self._folder.name),
            DEMO="0",
            RATE_LIMIT_SCALE="1000000",
            WEB_SOCKETS="0",
            LOG_LEVEL="INFO",
            **env,
        )

    def __enter__(self) -> Instance:
        return self._instance.__enter__()

    def __exit__(self, *_: object) -> None:
        self._instance.__exit__()
        self._folder.cleanup()


def _pages(
    instance: Instance, size: str, *, runs: int, seconds: float, say: Say
) -> tuple[Throughput, dict[str, Times]]:
    throughput.run(instance, "dataset", size)
    _learn(instance)
    people = throughput.tokens(instance, throughput.VIEWERS + COLD)
    warm, new = people[: throughput.VIEWERS], people[throughput.VIEWERS :]
    throughput.walk(instance, warm[:8], pages=2)  # each process unpacks the model once
    cold = throughput.cold(instance, new[: COLD // 2], pause=PAUSE)
    hurried = throughput.cold(instance, new[COLD // 2 :], pause=0)
    for mode, times in cold.items():
        say(f"  the first page ever of {mode}: {_said(times)}  goal: p95 under {GOALS['cold']} ms")
        say(f"    ... and the next one at once: {_said(hurried[mode])}")
    rates = throughput.measure(instance, warm, runs=runs, seconds=seconds)
    say(f"  an empty authenticated endpoint: {_rate(rates, 'floor')}")
    for mode in MODES:
        plain = f"plain {mode}"
        of_floor, of_plain = rates.ratio(mode, "floor"), rates.ratio(mode, plain)
        say(f"  {mode}, warm: {_rate(rates, mode)}")
        say(f"    of the empty endpoint: {of_floor:.2f}  goal: at least {GOALS['floor']}")
        say(f"    of a ModelSerializer view: {of_plain:.1f}  goal: at least {GOALS['plain']:.0f}")
        say(f"    (that view: {_rate(rates, plain)}, {rates.ratio(plain, 'floor'):.3f})")
    return rates, cold


def _visits(instance: Instance, say: Say) -> None:
    found = json.loads(throughput.run(instance, "inside", "visits", str(VISITORS)))
    every = found["from_memory"] / found["pages"]
    again = found["from_memory_again"] / found["pages_again"]
    say(f"  pages without any statement, people who return: {again:.3f}")
    say(f"    {every:.3f} with their very first visit  goal: at least {GOALS['memory']}")
    say(f"  Redis for an active viewer: {found['bytes']:,.0f} B  goal: at most {GOALS['bytes']:,}")


def _fan_out(instance: Instance, say: Say) -> None:
    tokens = {count: throughput.run(instance, "crowd", str(count)) for count in (FEW, MANY)}
    took: dict[int, list[float]] = {FEW: [], MANY: []}
    for turn in range(PUBLISHED + 1):
        for count in (FEW, MANY) if turn % 2 else (MANY, FEW):
            seconds = _publish(instance, tokens[count], turn)
            if turn:  # the first of each is not recorded
                took[count].append(seconds)
    few, many = (Times(took[count]) for count in (FEW, MANY))
    ratio = Spread.of([m / f for m, f in zip(took[MANY], took[FEW], strict=True)])
    say(f"  publishing to {FEW} followers: {_said(few)}; to {MANY:,}: {_said(many)}")
    say(f"    ratio {ratio:.2f}  goal: no longer")
    found = json.loads(throughput.run(instance, "inside", "fan-out", str(MANY)))
    say(
        f"  fan-out: {found['per_second']:,.0f} followers/s, {found['timelines']:,} timelines of "
        f"{found['followers']:,} followers (in service authors above {found['limit']:,} are pulled)"
    )


def _publish(instance: Instance, token: str, turn: int) -> float:
    body = {"caption": f"Post {turn} of the bench"}
    headers = {"Authorization": f"Bearer {token}"}
    started = time.monotonic()
    answer = requests.post(
        f"{instance.url}/api/v1/videos", json=body, headers=headers, timeout=SECONDS
    )
    seconds = time.monotonic() - started
    answer.raise_for_status()
    machine.settle(quiet=0.5, at_most=5)  # the fan-out behind it is not part of the next one
    return seconds


def _learn(instance: Instance) -> None:
    """Make the model that the worker would make within five minutes."""
    throughput.run(instance, "inside", "learn", "0")


def _rate(rates: Throughput, name: str) -> str:
    return f"{rates.spread(name):,.0f}/s"


def _said(times: Times) -> str:
    return f"p50 {times.p50:.0f} ms, p95 {times.p95:.0f} ms of {len(times.seconds)}"
