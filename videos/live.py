"""How far a video is, told to its owner's sockets as it happens: the event `video.status`.

`GET videos/{id}/status` says the same, so that what is lost on the way costs a client one question.
Nobody but the owner is ever told.
"""

import time
from typing import Any
from uuid import UUID

from core import realtime
from videos.models import Video

EVENT = "video.status"
EVERY_SECONDS = 0.25


def status_json(
    *, processing_state: str, progress: float, error_code: str, error_detail: str
) -> dict[str, Any]:
    """Return what the API and the event say; `progress` of the present stage, 0 to 1."""
    said: dict[str, Any] = {"processing_state": processing_state, "progress": progress}
    if error_code:
        said["error"] = {"code": error_code, "detail": error_detail}
    return said


def tell(video: Video) -> None:
    """Tell the owner of a state that the present transaction makes true, after its commit."""
    said = status_json(
        processing_state=video.processing_state,
        progress=video.progress,
        error_code=video.error_code,
        error_detail=video.error_detail,
    )
    realtime.whisper(user_ids=[video.author_id], event=_event(video.pk, said))


class Meter:
    """Tells the owner of the progress of one attempt, four times a second at most."""

    def __init__(self, video: Video) -> None:
        self._video_id, self._owner_id = video.pk, video.author_id
        self._next = 0.0

    def __call__(self, progress: float) -> None:
        """Tell of a progress from 0 to 1; cheap to call often."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY_SECONDS
        said = status_json(
            processing_state=Video.Processing.PROCESSING,
            progress=round(min(max(progress, 0.0), 1.0), 3),
            error_code="",
            error_detail="",
        )
        realtime.breathe(user_ids=[self._owner_id], event=_event(self._video_id, said))


def _event(video_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
    return {"ev": EVENT, "d": {"id": video_id, **said}}
