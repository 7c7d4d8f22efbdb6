"""The encoder of this process: the chosen one where it works, software where it does not.

A machine whose driver is gone still publishes what people upload; its operator reads why it is slow
in the worker's log at start, and in `/readyz` and `manage.py check --deploy` of that machine.
"""

import functools
import logging
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from videos.media import encoder_trial
from videos.media.encoders import SOFTWARE
from videos.media.ffmpeg import ffmpeg_path
from videos.media.limits import Limits

logger = logging.getLogger(__name__)
WORKS_ON = {"media", "ladder"}


def encoder() -> str:
    """Return the encoder to use; tried once in a process, with a warning when it does not work."""
    return SOFTWARE if _problem(settings.VIDEO_ENCODER) else str(settings.VIDEO_ENCODER)


def fact() -> str:
    """Return what `/readyz` says of the encoder on the machine that is asked."""
    chosen = settings.VIDEO_ENCODER
    return f"{SOFTWARE} ({chosen} does not work here)" if _problem(chosen) else str(chosen)


def try_at_start(sender: Any, **_: Any) -> None:
    """Try the encoder when a worker that will need it starts, not with somebody's video."""
    if WORKS_ON & set(sender.app.amqp.queues.consume_from):
        encoder()


def check(**_: Any) -> list[checks.CheckMessage]:
    """Warn, in `manage.py check --deploy`, of an encoder that does not work on this machine."""
    wrong = _problem(settings.VIDEO_ENCODER)
    if not wrong:
        return []
    message = f"VIDEO_ENCODER={settings.VIDEO_ENCODER} does not work on this machine: {wrong}"
    hint = f"Workers here use {SOFTWARE}. Choose that, or mend the driver or FFMPEG."
    return [checks.Warning(message, hint=hint, id="videos.W001")]


@functools.cache
def _problem(chosen: str) -> str:
    if chosen == SOFTWARE:
        return ""
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH_DIR, prefix="trial-") as scratch:
        wrong = encoder_trial.problem(
            ffmpeg=ffmpeg_path(settings.FFMPEG),
            scratch=Path(scratch),
            limits=Limits(encoder=chosen),
        )
    if wrong:
        logger.warning(
            "%s does not work on this machine: %s is used instead (%s)", chosen, SOFTWARE, wrong
        )
    return wrong
