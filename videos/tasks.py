"""Background work: ids in, one service call; safe to run twice."""

from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready

from videos.encoder_choice import try_at_start
from videos.services import processing, sweeping

worker_ready.connect(try_at_start, dispatch_uid="videos.encoder")


@shared_task(name="videos.process_playable")
def process_playable(video_id: str) -> None:
    """Make a video playable."""
    processing.process_playable(video_id=UUID(video_id))


@shared_task(name="videos.process_ladder")
def process_ladder(video_id: str) -> None:
    """Make the rest of a video's files."""
    processing.process_ladder(video_id=UUID(video_id))


@shared_task(name="videos.process_captions")
def process_captions(video_id: str) -> None:
    """Have what is said in a clip written down."""
    processing.process_captions(video_id=UUID(video_id))


@shared_task(name="videos.process_cover")
def process_cover(video_id: str) -> None:
    """Make the cover that a clip's author asked for."""
    processing.process_cover(video_id=UUID(video_id))


@shared_task(name="videos.erase")
def erase(video_id: str) -> None:
    """Delete the bytes of a deleted video."""
    sweeping.erase_video(video_id=UUID(video_id))


@shared_task(name="videos.sweep")
def sweep() -> None:
    """Bring what a crash left behind to an end."""
    sweeping.sweep()
