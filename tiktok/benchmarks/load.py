"""Load on a server: wrk when it is installed (or can be), a small threaded client otherwise.

Every connection takes the requests of a list in turns, so that many people read and not one.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

CONNECTIONS = 16
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
ERRORS = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")
SECONDS = 30
# Each line of the file: a path, a tabulator, a token.
SCRIPT = """
local requests, at = {}, 0
function init(args)
  for line in io.lines(args[1]) do
    local path, token = line:match("^(%S+)\t(%S+)$")
    requests[#requests + 1] = wrk.format("GET", path, {["Authorization"] = "Bearer " .. token})
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
"""


@dataclass(frozen=True)
class Ask:
    """One request of a list: a path under the server, as the person of the token."""

    path: str
    token: str


def tool() -> str:
    """Return what makes the load."""
    return "wrk" if shutil.which("wrk") else "a threaded client (wrk is missing: apt install wrk)"


def install() -> None:
    """Install Debian's wrk where it is missing and we may; `tool` says what came of it."""
    if shutil.which("wrk") or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    sys.stderr.write("installing wrk from Debian (once)\n")
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "wrk"]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=env, capture_output=True, check=False)


def requests_per_second(base: str, asks: Sequence[Ask], *, seconds: float) -> float:
    """Return answered requests a second; RuntimeError when any answer was not a success."""
    if shutil.which("wrk"):
        return _by_wrk(base, asks, seconds)
    return _by_threads(base, asks, seconds)


def _by_wrk(base: str, asks: Sequence[Ask], seconds: float) -> float:
    with TemporaryDirectory(prefix="toptop-wrk-") as place:
        script, listed = Path(place) / "load.lua", Path(place) / "asks.txt"
        script.write_text(SCRIPT)
        listed.write_text("".join(f"{ask.path}\t{ask.token}\n" for ask in asks))
        flags = ["-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(script)]
        done = subprocess.run(
            ["wrk", *flags, base, "--", str(listed)], capture_output=True, text=True, check=True
        )
    found = RATE.search(done.stdout)
    if found is None or ERRORS.search(done.stdout):
        message = f"{base} did not answer well ({asks[0].path}):\n{done.stdout}"
        raise RuntimeError(message)
    return float(found[1])


def _by_threads(base: str, asks: Sequence[Ask], seconds: float) -> float:
    deadline = time.monotonic() + seconds
    counts: list[int] = []
    turns = itertools.cycle(asks)

    def work() -> None:
        count = 0
        with requests.Session() as session:
            while time.monotonic() < deadline:
                ask = next(turns)
                headers = {"Authorization": f"Bearer {ask.token}"}
                url = base + ask.path
                session.get(url, headers=headers, timeout=SECONDS).raise_for_status()
                count += 1
        counts.append(count)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(counts) != CONNECTIONS:
        message = f"{base} did not answer well"
        raise RuntimeError(message)
    return sum(counts) / seconds
