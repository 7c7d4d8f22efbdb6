"""Who works on a stage of a video: a lease that must be renewed, and the fence behind it.

A worker holds `attempt` of a job. Every write it makes for others to see goes through `hold` or
`finish` in the same transaction, which touch the row only while it still names this attempt as
running. A worker that was paused past its lease finds no row and throws its outputs away.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from videos.models import ProcessingJob, Video

logger = logging.getLogger(__name__)
State = ProcessingJob.State
Stage = ProcessingJob.Stage
# By which the folders of stages are told apart, in keys and URLs; captions store no file.
LETTERS: dict[str, str] = {
    Stage.PLAYABLE: "p",
    Stage.LADDER: "l",
    Stage.COVER: "c",
    Stage.CAPTIONS: "t",
}
LONGEST_BEAT_SECONDS = 2.0


class LeaseLost(Exception):
    """Somebody else has the job now, or the video was deleted."""


@dataclass
class Lease:
    """One attempt at one stage of one video."""

    job_id: int
    video_id: UUID
    stage: str
    attempt: int
    tries: int
    beat_at: float = field(default_factory=time.monotonic)
    on_progress: Callable[[float], None] | None = None

    @property
    def folder(self) -> str:
        """Where this attempt alone writes: `videos/<video id>/<stage and attempt>/`."""
        return f"videos/{self.video_id}/{LETTERS[self.stage]}{self.attempt}/"

    def report(self, progress: float) -> None:
        """Renew the lease and write down how far it is (0 to 1), every two seconds or so.

        `on_progress` hears of every call. Cheap to call often. Raises LeaseLost when the work is
        for nothing.
        """
        if self.on_progress is not None:
            self.on_progress(progress)
        now = time.monotonic()
        beat = min(LONGEST_BEAT_SECONDS, settings.PROCESSING_LEASE.total_seconds() / 4)
        if now - self.beat_at < beat:
            return
        self.beat_at = now
        try:
            self.hold()
            if self.stage in (Stage.CAPTIONS, Stage.COVER):  # beside a video that plays already
                return
            Video.objects.filter(pk=self.video_id).update(progress=min(max(progress, 0.0), 1.0))
        except OperationalError:
            # A database away for a moment must not cost a long transcode; the fence still stands.
            logger.warning("heartbeat missed", extra={"video": str(self.video_id)}, exc_info=True)

    def hold(self) -> None:
        """Renew the lease now; raises LeaseLost. In a transaction it also keeps others out."""
        self._move(lease_expires_at=timezone.now() + settings.PROCESSING_LEASE)

    def finish(self, state: ProcessingJob.State) -> None:
        """End the attempt in `state`, in the transaction of its effect; raises LeaseLost."""
        now = timezone.now()
        ended = None if state == State.QUEUED else now
        self._move(state=state, lease_expires_at=None, queued_at=now, finished_at=ended)

    def _move(self, **changes: object) -> None:
        rows = ProcessingJob.objects.filter(
            pk=self.job_id, attempt=self.attempt, state=State.RUNNING
        )
        if not rows.update(**changes):
            raise LeaseLost


@contextmanager
def kept_alive(lease: Lease) -> Iterator[None]:
    """Renew the lease from a thread of its own, three times a lease, while the block works.

    Probing, measuring sound and storing report nothing while they run and may take longer than a
    lease. A lease lost meanwhile is noticed by the next `report`, `hold` or `finish`.
    """
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(lease, done), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(lease: Lease, done: threading.Event) -> None:
    while not done.wait(settings.PROCESSING_LEASE.total_seconds() / 3):
        try:
            lease.hold()
        except LeaseLost:
            return
        except (InterfaceError, OperationalError):
            logger.warning("heartbeat missed", extra={"video": str(lease.video_id)}, exc_info=True)
        finally:
            connection.close()


def claim(*, video_id: UUID, stage: ProcessingJob.Stage) -> Lease | None:
    """Take a queued stage of a video, or None when there is nothing to do (done, taken, gone)."""
    with transaction.atomic():
        rows = ProcessingJob.objects.filter(video_id=video_id, stage=stage, state=State.QUEUED)
        taken = rows.filter(video__deleted_at__isnull=True).update(
            state=State.RUNNING,
            attempt=F("attempt") + 1,
            tries=F("tries") + 1,
            lease_expires_at=timezone.now() + settings.PROCESSING_LEASE,
        )
        if not taken:
            return None
        if stage == Stage.PLAYABLE:
            Video.objects.filter(pk=video_id).update(
                processing_state=Video.Processing.PROCESSING, progress=0.0
            )
        job = ProcessingJob.objects.get(video_id=video_id, stage=stage)
    return Lease(job.pk, video_id, stage, job.attempt, job.tries)
