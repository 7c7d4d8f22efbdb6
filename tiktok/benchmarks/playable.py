"""Upload to playable, beside a bare ffmpeg that makes the same first rendition.

The product's time runs from the first byte of the request to the status `ready`: receiving,
storing, the queue, looking at the file, loudness, the rendition, its cover, and publishing.
"""

import subprocess
import time
from pathlib import Path

import requests

from tiktok.benchmarks.account import SECONDS, read, sign_up
from tiktok.benchmarks.ratios import Comparison, interleave
from tiktok.instance import Instance
from videos.media import ladder, transcode
from videos.media.ffmpeg import ffmpeg_path
from videos.media.limits import Limits
from videos.media.loudness import measure_loudness
from videos.media.probe import probe

CLIP = "1080x1920, 30 fps, 12 s, H.264 and AAC at about 12 Mbit/s, as a phone records it"
POLL_SECONDS = 0.02
LONGEST_SECONDS = 300
SETTLE_SECONDS = 3.0


def measure(instance: Instance, folder: Path, *, runs: int) -> Comparison:
    """Return seconds to playable beside seconds of bare ffmpeg."""
    clip = phone_clip(folder)
    argv = first_rendition(clip, folder)
    session = sign_up(instance.url)

    def bare() -> float:
        started = time.perf_counter()
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    def product() -> float:
        started = time.perf_counter()
        video = _post(session, instance.url, clip)
        _wait(session, f"{instance.url}/api/v1/videos/{video}")
        took = time.perf_counter() - started
        _take_away(session, f"{instance.url}/api/v1/videos/{video}")
        return took

    return interleave(product, bare, runs=runs)


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


def first_rendition(clip: Path, folder: Path) -> list[str]:
    """Return the very command that the worker runs for the smallest rendition of `clip`."""
    ffmpeg, limits = ffmpeg_path(), Limits()
    found = probe(clip, scratch=folder, limits=limits)
    return transcode.command(
        clip,
        ladder.plan(found)[0],
        folder / "bare.mp4",
        probe=found,
        loudness=measure_loudness(clip, probe=found, ffmpeg=ffmpeg, scratch=folder, limits=limits),
        ffmpeg=ffmpeg,
        limits=limits,
    )


def _post(session: requests.Session, base: str, clip: Path) -> str:
    with clip.open("rb") as file:
        answer = session.post(f"{base}/api/v1/videos", files={"file": file}, timeout=SECONDS)
    answer.raise_for_status()
    return str(answer.json()["id"])


def _wait(session: requests.Session, url: str) -> None:
    """Return as soon as the status of the video is `ready`."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while (status := read(session, f"{url}/status"))["processing_state"] != "ready":
        if status["processing_state"] == "failed" or time.monotonic() > deadline:
            message = f"the clip did not become playable: {status}"
            raise RuntimeError(message)
        time.sleep(POLL_SECONDS)


def _take_away(session: requests.Session, url: str) -> None:
    """Delete the video, so that the worker drops the larger renditions and is idle again."""
    session.delete(url, timeout=SECONDS).raise_for_status()
    time.sleep(SETTLE_SECONDS)
