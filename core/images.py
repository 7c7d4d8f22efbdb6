"""Pictures that people send, decoded by a child process with limits and written anew as WebP.

A picture is hostile until proven otherwise: a decoder bug, a bomb or an endless loop hits the
child, which has little memory, little time, no environment and nothing to write to but a pipe.
"""

import resource
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import IO, Final

from core.errors import Invalid, TooLarge, UnsupportedMedia

CHILD: Final = Path(__file__).with_name("image_child.py")
SECONDS: Final = 15
MEMORY_BYTES: Final = 768 * 1024**2
REASONS: Final = {
    "empty_file": "The picture is empty. Choose it again.",
    "unsupported_format": "This kind of picture is not accepted. Use JPEG, PNG, WebP or GIF.",
    "too_many_pixels": "The picture has too many pixels. Make it smaller and try again.",
    "corrupt": "The picture is damaged. Save it again and upload the new file.",
}


def square_webp(source: IO[bytes], *, edge: int, field: str = "avatar") -> bytes:
    """Return the middle of a picture as an upright WebP of `edge` pixels a side, bare of metadata.

    `source` must be a real file: the child reads its descriptor. Of an animation the first frame.
    Raises UnsupportedMedia, TooLarge or Invalid, each naming `field`.
    """
    source.flush()
    source.seek(0)
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD), str(edge)],
            stdin=source,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
            preexec_fn=partial(_limit, MEMORY_BYTES),
        )
    except subprocess.TimeoutExpired as error:
        raise _refusal("corrupt", field) from error
    if done.returncode == 0 and done.stdout:
        return done.stdout
    raise _refusal(done.stderr.decode("ascii", "replace").strip(), field)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _refusal(reason: str, field: str) -> Invalid | TooLarge | UnsupportedMedia:
    # A child that was killed by its limits says nothing: the file is at fault.
    code = reason if reason in REASONS else "corrupt"
    errors = {field: [REASONS[code]]}
    if code == "unsupported_format":
        return UnsupportedMedia(code, REASONS[code], errors=errors)
    if code == "too_many_pixels":
        return TooLarge(code, REASONS[code], errors=errors)
    return Invalid(code, REASONS[code], errors=errors)
