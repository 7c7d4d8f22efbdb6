"""Load on one URL: wrk when it is installed, a small threaded client otherwise."""

import re
import shutil
import subprocess
import threading
import time

import requests

CONNECTIONS = 16
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
ERRORS = re.compile(r"Non-2xx or 3xx responses: (\d+)")


def tool() -> str:
    """Return what makes the load."""
    return "wrk" if shutil.which("wrk") else "a threaded client"


def requests_per_second(url: str, headers: dict[str, str], *, seconds: float) -> float:
    """Return answered requests a second; RuntimeError when any answer was not a success."""
    if shutil.which("wrk"):
        return _by_wrk(url, headers, seconds)
    return _by_threads(url, headers, seconds)


def _by_wrk(url: str, headers: dict[str, str], seconds: float) -> float:
    flags = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", *flags, url],
        capture_output=True,
        text=True,
        check=True,
    )
    found = RATE.search(done.stdout)
    if found is None or ERRORS.search(done.stdout):
        message = f"{url} did not answer well:\n{done.stdout}"
        raise RuntimeError(message)
    return float(found[1])


def _by_threads(url: str, headers: dict[str, str], seconds: float) -> float:
    deadline = time.monotonic() + seconds
    counts: list[int] = []

    def work() -> None:
        count = 0
        with requests.Session() as session:
            session.headers.update(headers)
            while time.monotonic() < deadline:
                session.get(url, timeout=30).raise_for_status()
                count += 1
        counts.append(count)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(counts) != CONNECTIONS:
        message = f"{url} did not answer well"
        raise RuntimeError(message)
    return sum(counts) / seconds
