"""Feed pages a second, beside an empty authenticated endpoint on the same server."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import requests

from tiktok.benchmarks import load
from tiktok.benchmarks.account import read, sign_up
from tiktok.benchmarks.ratios import Comparison, interleave
from tiktok.instance import ROOT, Instance, free_port

PAGE = 10
START_SECONDS = 30


def fill(instance: Instance) -> None:
    """Write the dataset into the instance's database."""
    subprocess.run(
        [sys.executable, "-m", "tiktok.benchmarks.dataset"], env=instance.env, cwd=ROOT, check=True
    )


def measure(instance: Instance, *, runs: int, seconds: float) -> dict[str, Comparison]:
    """Return requests a second of feed pages, each beside the floor in the same turns."""
    session = sign_up(instance.url)
    headers = {"Authorization": str(session.headers["Authorization"])}
    feed = f"{instance.url}/api/v1/videos/feed?limit={PAGE}"
    first = read(session, f"{feed}&mode=for-you")
    going_on = f"{feed}&mode=for-you&seed={first['seed']}&skip={PAGE}"
    pages = {
        "a page of a for-you feed that goes on": going_on,
        "the first page of a new for-you feed": f"{feed}&mode=for-you",
    }
    with _floor(instance) as floor:
        return {
            name: interleave(
                partial(load.requests_per_second, url, headers, seconds=seconds),
                partial(load.requests_per_second, floor, headers, seconds=seconds),
                runs=runs,
            )
            for name, url in pages.items()
        }


@contextmanager
def _floor(instance: Instance) -> Iterator[str]:
    """Run the floor's server with the instance's environment; yield the empty endpoint's URL."""
    port = free_port()
    url = f"http://localhost:{port}/api/v1/empty"
    with (instance.folder / "floor.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tiktok.benchmarks.floor_server", str(port)],
            env=instance.env,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(url)
            yield url
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
