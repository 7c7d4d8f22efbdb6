"""Where one attempt works: its scratch folder, the assembled source, and the way to storage."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from core import files, storage
from videos.leases import Lease
from videos.media.ffmpeg import ffmpeg_path
from videos.media.limits import Limits
from videos.media.loudness import Loudness, measure_loudness
from videos.media.probe import Probe, probe
from videos.models import Upload


@dataclass(frozen=True)
class Source:
    """The uploaded file as one piece, and what is known of it."""

    path: Path
    probe: Probe
    loudness: Loudness


@dataclass(frozen=True)
class Workshop:
    """What every tool of one attempt needs."""

    lease: Lease
    scratch: Path
    ffmpeg: str
    limits: Limits
    owner_id: UUID

    def open(self, upload: Upload) -> Source:
        """Assemble and examine the upload; raises MediaError for a file that cannot be used."""
        path = self.fetch(upload, "source")
        self.lease.report(0.0)
        found = probe(path, scratch=self.scratch, limits=self.limits)
        self.lease.report(0.0)
        loudness = measure_loudness(
            path, probe=found, ffmpeg=self.ffmpeg, scratch=self.scratch, limits=self.limits
        )
        self.lease.report(0.0)
        return Source(path, found, loudness)

    def fetch(self, upload: Upload, name: str) -> Path:
        """Return the uploaded file as one piece, under a name of ours in the scratch folder."""
        path = self.scratch / name
        self._assemble(upload, path)
        return path

    def store(self, path: Path, *, purpose: str) -> str:
        """Move an output to storage under this attempt's folder and return its key."""
        key = f"{self.lease.folder}{path.name}"
        stored = files.reserve(
            owner_id=self.owner_id, purpose=purpose, key=key, size=path.stat().st_size
        )
        files.put_path(stored=stored, path=path)
        return key

    def _assemble(self, upload: Upload, target: Path) -> None:
        end = 0
        with target.open("wb") as whole:
            for chunk in upload.chunks.order_by("offset"):
                if chunk.offset != end:
                    break
                for block in storage.read(chunk.key):
                    whole.write(block)
                    end += len(block)
                self.lease.report(0.0)
        if end != upload.length:
            message = f"upload {upload.pk} has {end} of {upload.length} bytes"
            raise RuntimeError(message)


@contextmanager
def workshop(lease: Lease, *, owner_id: UUID) -> Iterator[Workshop]:
    """Yield a workshop whose scratch folder is gone afterwards, whatever happens."""
    scratch = Path(tempfile.mkdtemp(dir=settings.SCRATCH_DIR, prefix="job-"))
    try:
        yield Workshop(lease, scratch, ffmpeg_path(settings.FFMPEG), Limits(), owner_id)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
