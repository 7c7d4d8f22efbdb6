"""From the last byte to playable, and to every rendition, beside a bare ffmpeg that makes the same.

The product's time runs from the sending of the last byte: storing it, publishing, the queue,
looking at the file, loudness, the renditions, cover, preview, and the answer that shows them.
"""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from websockets.sync.client import ClientConnection, connect

from tiktok.benchmarks.account import SECONDS, read, sign_up
from tiktok.benchmarks.ratios import Comparison
from tiktok.instance import Instance
from videos.media import ladder, transcode
from videos.media.ffmpeg import ffmpeg_path
from videos.media.limits import Limits
from videos.media.loudness import measure_loudness
from videos.media.probe import probe

CLIP = "1080x1920, 30 fps, 12 s, H.264 and AAC at about 12 Mbit/s, as a phone records it"
POLL_SECONDS = 0.1
LONGEST_SECONDS = 300


def measure(instance: Instance, folder: Path, *, runs: int) -> tuple[Comparison, Comparison]:
    """Return seconds to playable, and to all renditions, beside seconds of bare ffmpeg."""
    clip = phone_clip(folder)
    first, *others = renditions(clip, folder)
    session = sign_up(instance.url)
    pairs = []
    for _ in range(runs + 1):
        bare_first = _run([first])
        bare_all = bare_first + _run(others)
        playable, full = _publish(
            session,
            instance.url,
            clip,
            renditions=len(others) + 1,
            not_before=bare_all,
        )
        pairs.append(((playable, bare_first), (full, bare_all)))
    recorded = pairs[1:]  # the first round warms
    return Comparison.of([pair for pair, _ in recorded]), Comparison.of(
        [pair for _, pair in recorded]
    )


def phone_clip(folder: Path) -> Path:
    """Write the clip: moving detail with grain, heavy as a phone's own recording."""
    out = folder / "phone.mp4"
    picture = "mandelbrot=s=540x960:r=30:end_pts=500,scale=1080:1920,noise=alls=12:allf=t"
    argv = [
        *(ffmpeg_path(), "-v", "error", "-nostdin", "-y"),
        *(
            "-f",
            "lavfi",
            "-i",
            picture,
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=330:sample_rate=48000",
        ),
        *(
            "-t",
            "12",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-b:v",
            "12M",
            "-pix_fmt",
            "yuv420p",
        ),
        *("-g", "30", "-c:a", "aac", "-b:a", "128k", str(out)),
    ]
    subprocess.run(argv, check=True)
    return out


def renditions(clip: Path, folder: Path) -> list[list[str]]:
    """Return the very commands that the workers run for each rendition of `clip`."""
    ffmpeg, limits = ffmpeg_path(), Limits()
    found = probe(clip, scratch=folder, limits=limits)
    loudness = measure_loudness(clip, probe=found, ffmpeg=ffmpeg, scratch=folder, limits=limits)
    return [
        transcode.command(
            clip,
            rung,
            folder / f"bare-{rung.short_edge}.mp4",
            probe=found,
            loudness=loudness,
            ffmpeg=ffmpeg,
            limits=limits,
        )
        for rung in ladder.plan(found)
    ]


def _run(commands: list[list[str]]) -> float:
    started = time.perf_counter()
    for argv in commands:
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _publish(
    session: requests.Session,
    base: str,
    clip: Path,
    *,
    renditions: int,
    not_before: float,
) -> tuple[float, float]:
    """Return seconds from the last byte to playable and to all renditions of a new video.

    Told over the socket as to a page: every question costs processors that the workers need. So
    for all renditions nothing is asked before `not_before` seconds, which bare ffmpeg took.
    """
    where, content = _begin(session, base, clip), clip.read_bytes()
    _send(session, where, content[:-1], at=0)
    with _told(session, base) as line:
        started = time.perf_counter()
        _send(session, where, content[-1:], at=len(content) - 1)
        body = {"upload_id": where.rsplit("/", 1)[1]}
        answer = session.post(f"{base}/api/v1/videos", json=body, timeout=SECONDS)
        answer.raise_for_status()
        video_id = answer.json()["id"]
        _hear_ready(line, video_id)
        playable = time.perf_counter() - started
    url = f"{base}/api/v1/videos/{video_id}"
    time.sleep(max(0.0, started + not_before - time.perf_counter()))
    _wait(lambda: _is_whole(read(session, url), renditions))
    full = time.perf_counter() - started
    session.delete(url, timeout=SECONDS).raise_for_status()
    return playable, full


def _told(session: requests.Session, base: str) -> ClientConnection:
    """Return a socket that is told what happens to the videos of the session's account."""
    line = connect(base.replace("http", "ws", 1) + "/ws/m/v1", proxy=None)
    token = str(session.headers["Authorization"]).removeprefix("Bearer ")
    line.send(json.dumps({"id": 1, "op": "auth", "d": {"token": token}}))
    while json.loads(line.recv(timeout=SECONDS)).get("re") != 1:
        continue
    return line


def _hear_ready(line: ClientConnection, video_id: str) -> None:
    while True:
        told = json.loads(line.recv(timeout=LONGEST_SECONDS))
        if told.get("ev") != "video.status" or told["d"]["id"] != video_id:
            continue
        if told["d"]["processing_state"] == "failed":
            message = f"the clip failed: {told['d']}"
            raise RuntimeError(message)
        if told["d"]["processing_state"] == "ready":
            return


def _is_whole(video: dict[str, Any], renditions: int) -> bool:
    return len(video["sources"]) == renditions and bool(video["preview"])


def _begin(session: requests.Session, base: str, clip: Path) -> str:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(clip.stat().st_size)}
    begun = session.post(f"{base}/api/v1/uploads", headers=headers, timeout=SECONDS)
    begun.raise_for_status()
    return base + str(begun.headers["Location"])


def _send(session: requests.Session, where: str, data: bytes, *, at: int) -> None:
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(at),
        "Content-Type": "application/offset+octet-stream",
    }
    session.patch(where, data=data, headers=headers, timeout=SECONDS).raise_for_status()


def _wait(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            message = "the clip was not ready in time"
            raise RuntimeError(message)
        time.sleep(POLL_SECONDS)
