"""Makes the files of clips and albums: scene and score in one run of ffmpeg, politely."""

import subprocess
from pathlib import Path

from feed.demo.clips.clip import Clip
from feed.demo.music import compose

NICENESS = 15  # the worker's own ffmpeg goes first: somebody waits for that one
STILL_SECONDS = 0.5


def render(clip: Clip, out: Path, *, ffmpeg: str) -> Path:
    """Write `clip` as an H.264/AAC MP4 to `out` and return it; the same clip, the same bytes.

    Raises RuntimeError with ffmpeg's own words when it fails.
    """
    picture = (
        *("-c:v", "libx264", "-preset", "superfast", "-crf", "25", "-maxrate", "5M"),
        *("-bufsize", "8M", "-pix_fmt", "yuv420p", "-g", "60", "-threads:v", "1"),
    )
    _draw(
        clip,
        ffmpeg,
        *("-filter_complex", graph(clip), "-map", "[v]", "-map", "[a]", "-t", f"{clip.seconds}"),
        *(*picture, "-c:a", "aac", "-b:a", "128k", "-ar", "48000"),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
        *("-movflags", "+faststart", "-f", "mp4", str(out)),
    )
    return out


def still(clip: Clip, out: Path, *, ffmpeg: str) -> Path:
    """Write the frame of `clip` at `STILL_SECONDS` as a JPEG to `out` and return it.

    Only of a scene that shows nothing of what is heard. Raises RuntimeError as `render` does.
    """
    scene = f"{clip.draw(clip.canvas)};[v]select='gte(t,{STILL_SECONDS})'[still]"
    _draw(
        clip,
        ffmpeg,
        *("-filter_complex", scene, "-map", "[still]", "-frames:v", "1"),
        *("-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", "-f", "mjpeg", str(out)),
    )
    return out


def _draw(clip: Clip, ffmpeg: str, *rest: str) -> None:
    # One thread each: the same bytes on every machine, and the other cores stay with the worker.
    threads = ("-threads", "1", "-filter_threads", "1", "-filter_complex_threads", "1")
    quiet = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
    argv = ["nice", "-n", str(NICENESS), ffmpeg, *quiet, *threads, *rest]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        message = f"ffmpeg could not draw {clip.slug}: {done.stderr.strip()[-500:]}"
        raise RuntimeError(message)


def graph(clip: Clip) -> str:
    """Return the whole filter graph of a clip, ending in [v] and [a]."""
    sound = compose(clip.score, seconds=clip.seconds, seed=clip.seed)
    scene = clip.draw(clip.canvas)
    heard = "[tone]asplit[a][shown]" if "[tone]" in scene else "[tone]anull[a]"
    return f"{sound};{heard};{scene.replace('[tone]', '[shown]')}"
