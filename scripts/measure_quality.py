#!/usr/bin/env python3
"""VMAF and bytes of the ladder beside a plain `-crf 23 -preset veryfast`, for docs/media.md.

    .venv/bin/python scripts/measure_quality.py [CLIP...]

Without clips it makes three: a phone's grainy detail, flat moving shapes, and a slow gradient. Each
rendition is compared with its source scaled to the rendition's own size, as people see it.
"""

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from videos.media import color, ladder, transcode
from videos.media.ffmpeg import ffmpeg_path
from videos.media.limits import Limits
from videos.media.loudness import UNTOUCHED
from videos.media.probe import Probe, probe

FFMPEG = ffmpeg_path()
SECONDS = "4"
MADE = {
    "phone (detail, grain)": (
        "mandelbrot=s=540x960:r=30:end_pts=500,scale=1080:1920,noise=alls=12:allf=t"
    ),
    "shapes (flat, fast)": "testsrc2=s=1080x1920:r=30",
    "gradient (dark, slow)": "gradients=s=1080x1920:r=30:c0=0x101018:c1=0x304050:speed=0.01",
}


def make(folder: Path) -> dict[str, Path]:
    """Write the clips as a phone would: H.264 at about 12 Mbit/s."""
    clips = {}
    for number, (name, picture) in enumerate(MADE.items()):
        clips[name] = folder / f"{number}.mp4"
        run("-f", "lavfi", "-i", picture, "-t", SECONDS, "-c:v", "libx264", "-preset", "veryfast",
            "-b:v", "12M", "-pix_fmt", "yuv420p", "-g", "30", str(clips[name]))  # fmt: skip
    return clips


def run(*arguments: str) -> str:
    """Run ffmpeg quietly and return what it says."""
    argv = [FFMPEG, "-hide_banner", "-nostdin", "-y", *arguments]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return done.stderr


def vmaf(made: Path, source: Path, rung: ladder.Rung, found: Probe, folder: Path) -> float:
    """Return the mean VMAF of a rendition against its source at the same size."""
    log = folder / "vmaf.json"
    same_size = color.filters(found, rung.width, rung.height)
    graph = f"[1:v]{same_size}[ref];[0:v][ref]libvmaf=log_fmt=json:log_path={log}:n_threads=2"
    run("-i", str(made), "-i", str(source), "-lavfi", graph, "-f", "null", "-")
    return float(json.loads(log.read_text())["pooled_metrics"]["vmaf"]["mean"])


def plain(command: list[str], out: Path) -> list[str]:
    """Return our own command with nothing said about rate: crf 23, veryfast."""
    text = "\x00".join([*command[:-1], f"file:{out}"])
    text = re.sub("(-preset\x00)[a-z]+(\x00-crf\x00)[0-9]+", r"\g<1>veryfast\g<2>23", text)
    return re.sub("\x00-(?:maxrate|bufsize)\x00[^\x00]+", "", text).split("\x00")


def main() -> None:
    """Measure and print a table in Markdown."""
    limits = Limits()
    print("| clip | rung | ours: VMAF | kbit/s | MB a minute | plain: VMAF | kbit/s |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        given = {Path(name).name: Path(name).resolve() for name in sys.argv[1:]}
        for name, clip in (given or make(folder)).items():
            found = probe(clip, scratch=folder, limits=limits)
            for rung in [replace(rung, mode="encode") for rung in ladder.plan(found)]:
                out, other = folder / "ours.mp4", folder / "plain.mp4"
                command = transcode.command(
                    clip, rung, out, probe=found, loudness=UNTOUCHED, ffmpeg=FFMPEG, limits=limits
                )
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                subprocess.run(plain(command, other), check=True, stdout=subprocess.DEVNULL)
                row = [name, str(rung.short_edge)]
                for made in (out, other):
                    rate = made.stat().st_size * 8 / (found.duration_ms / 1000)
                    row += [f"{vmaf(made, clip, rung, found, folder):.1f}", f"{rate / 1000:.0f}"]
                    if made is out:
                        row.append(f"{rate * 60 / 8 / 1e6:.1f}")
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
