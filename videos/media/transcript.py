"""What is said in a clip, written down by a program that the operator chose."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from videos.media import sandbox
from videos.media.errors import MediaError
from videos.media.limits import Limits


def write_down(
    heard: Path,
    *,
    command: Sequence[str],
    language: str,
    readable: Sequence[str],
    limits: Limits,
    on_check: Callable[[], None],
) -> str:
    """Run ``command`` on ``heard`` (WAV, 16 kHz, mono) and return the WebVTT that it wrote.

    In its words ``{audio}`` is the file, ``{folder}`` the writable folder around it, ``{output}``
    a name in it without a suffix and ``{language}`` the language or ``auto``. It writes to stdout,
    or to ``{output}.vtt``. It may read ``readable`` and the files that ``command`` names. Raises
    ``MediaError`` (timed_out, resource_limit), ``RuntimeError`` when it fails; what ``on_check``
    raises ends it.
    """
    folder = heard.parent.resolve()
    output = folder / heard.stem
    words = {
        "audio": str(folder / heard.name),
        "folder": str(folder),
        "output": str(output),
        "language": language or "auto",
    }
    named = [Path(word) for word in command[1:] if word.startswith("/") and Path(word).exists()]
    done = sandbox.run(
        [_filled(word, words) for word in command],
        scratch=folder,
        limits=limits,
        readable=[*named, *map(Path, readable)],
        on_check=on_check,
    )
    if done.returncode != 0:
        message = f"the program for captions ended with {done.returncode}: {done.stderr[-1000:]}"
        raise RuntimeError(message)
    return _read(output.with_suffix(".vtt"), limits.stdout_bytes) or done.stdout


def _filled(word: str, words: dict[str, str]) -> str:
    # Not str.format: a word of the operator's may have braces of its own.
    for name, value in words.items():
        word = word.replace(f"{{{name}}}", value)
    return word


def _read(path: Path, most: int) -> str:
    """Return what the program wrote to a file, nothing when there is none; no link is followed."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    with os.fdopen(number, "rb") as file:
        text = file.read(most + 1)
    if len(text) > most:
        raise MediaError("resource_limit", log=f"{path.name} has more than {most} bytes")
    return text.decode("utf-8", "replace")
