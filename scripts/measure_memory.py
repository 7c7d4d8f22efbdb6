#!/usr/bin/env python3
"""Memory of the web process under many uploads, and of the workers under a minute of 4K.

    .venv/bin/python scripts/measure_memory.py [--uploads 20] [--megabytes 100] [--seconds 60]

Starts a product of its own, as `make run` does. Proportional set sizes (PSS), as the kernel counts.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import requests

from core.processes import descendants
from tiktok.benchmarks.account import read, sign_up
from tiktok.instance import Instance
from videos.media.ffmpeg import ffmpeg_path

MB = 1024 * 1024
HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
BLOCK = bytes(256 * 1024)


def pss(pid: int) -> int:
    """Return the bytes that a process holds, shared ones in parts; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(text.split("\nPss:")[1].split()[0]) * 1024


def matching(root: int, word: str) -> list[int]:
    """Return the descendants of a process whose command line has the word."""
    found = []
    for pid in descendants(root):
        line = Path(f"/proc/{pid}/cmdline")
        if line.exists() and word.encode() in line.read_bytes():
            found.append(pid)
    return found


class Peak:
    """The most that some processes with their children held while the block ran."""

    def __init__(self, roots: list[int]) -> None:
        self.roots, self.most, self.over = roots, 0, threading.Event()
        self.first = self.now()

    def now(self) -> int:
        """Return what they hold now."""
        return sum(pss(pid) for root in self.roots for pid in [root, *descendants(root)])

    def watch(self) -> None:
        """Look five times a second."""
        while not self.over.wait(0.2):
            self.most = max(self.most, self.now())

    def __enter__(self) -> Self:
        threading.Thread(target=self.watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()

    def __str__(self) -> str:
        return f"{self.first / MB:.0f} MB before, {self.most / MB:.0f} MB at most"


def body(size: int) -> Iterator[bytes]:
    """Yield a file of `size` bytes that begins as a video does."""
    yield HEAD
    left = size - len(HEAD)
    while left:
        part = BLOCK[:left]
        left -= len(part)
        yield part


class Sized:
    """A body that knows its length, so that it is not sent in pieces."""

    def __init__(self, size: int) -> None:
        self.size, self.parts = size, body(size)

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        return self.parts


def upload(base: str, token: str, size: int) -> None:
    """Send one file by tus in a single request."""
    tus = {"Tus-Resumable": "1.0.0", "Authorization": token}
    begun = requests.post(
        f"{base}/api/v1/uploads", headers={**tus, "Upload-Length": str(size)}, timeout=600
    )
    begun.raise_for_status()
    kind = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    where = base + begun.headers["Location"]
    requests.patch(
        where, data=Sized(size), headers={**tus, **kind}, timeout=1800
    ).raise_for_status()


def uploads_at_once(instance: Instance, number: int, megabytes: int) -> str:
    """Return what the web process held while `number` files came at once."""
    token = str(sign_up(instance.url).headers["Authorization"])
    upload(instance.url, token, MB)
    assert instance.process is not None
    with (
        Peak(matching(instance.process.pid, "granian")[-1:]) as web,
        ThreadPoolExecutor(number) as pool,
    ):
        for done in [
            pool.submit(upload, instance.url, token, megabytes * MB) for _ in range(number)
        ]:
            done.result()
    return str(web)


def minute_of_4k(instance: Instance, folder: Path, seconds: int) -> str:
    """Return what the worker and its decoders held while they made a first rendition."""
    short, long = folder / "short.mp4", folder / "long.mp4"
    make = [ffmpeg_path(), "-v", "error", "-nostdin", "-y"]
    picture = ["-f", "lavfi", "-i", "testsrc2=s=3840x2160:r=30", "-t", "5"]
    code = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "40M", "-pix_fmt", "yuv420p"]
    subprocess.run([*make, *picture, *code, str(short)], check=True)
    loop = ["-stream_loop", "-1", "-i", str(short), "-t", str(seconds), "-c", "copy", str(long)]
    subprocess.run([*make, *loop], check=True)
    session = sign_up(instance.url)
    assert instance.process is not None
    with Peak(matching(instance.process.pid, "media")[:1]) as worker, long.open("rb") as file:
        answer = session.post(f"{instance.url}/api/v1/videos", files={"file": file}, timeout=600)
        answer.raise_for_status()
        url = f"{instance.url}/api/v1/videos/{answer.json()['id']}/status"
        while (state := read(session, url)["processing_state"]) not in ("ready", "failed"):
            time.sleep(0.5)
    return f"{state}; {worker}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=20)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    chosen = parser.parse_args()
    open_ones = str(max(20, chosen.uploads + 2))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with Instance(folder, UPLOAD_MAX_OPEN=open_ones, UPLOADS_PER_DAY="1000") as instance:
            told = uploads_at_once(instance, chosen.uploads, chosen.megabytes)
            print(
                f"web, {chosen.uploads} uploads of {chosen.megabytes} MB at once: {told}",
                flush=True,
            )
            if chosen.seconds:
                told = minute_of_4k(instance, folder, chosen.seconds)
                print(f"worker with decoders, {chosen.seconds} s of 3840x2160: {told}")


if __name__ == "__main__":
    main()
