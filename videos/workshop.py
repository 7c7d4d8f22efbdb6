"""Where one attempt works: its scratch folder, the assembled source, and the way to storage."""

import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings

from core import files, storage
from videos.leases import Lease, Stage
from videos.media.ffmpeg import ffmpeg_path
from videos.media.limits import Limits
from videos.media.loudness import Loudness, measure_loudness
from videos.media.probe import Probe, probe
from videos.models import Upload

# What people wait for goes first, also where both run on the same processors.
LADDER_NICE = 15
Known = TypeVar("Known", Probe, Loudness)


@dataclass(frozen=True)
class Source:
    """The uploaded file as one piece, and what is known of it."""

    path: Path
    probe: Probe
    loudness: Loudness | None = None

    def findings(self) -> dict[str, Any]:
        """Return what was found out as JSON, for the stage after this one."""
        kept = {"probe": asdict(self.probe)}
        if self.loudness is not None and math.isfinite(self.loudness.integrated_lufs):
            kept["loudness"] = asdict(self.loudness)
        return kept


@dataclass(frozen=True)
class Workshop:
    """What every tool of one attempt needs."""

    lease: Lease
    scratch: Path
    ffmpeg: str
    limits: Limits
    owner_id: UUID

    def open(self, upload: Upload, findings: dict[str, Any]) -> Source:
        """Assemble and examine the upload; raises MediaError for a file that cannot be used.

        With the `findings` of an earlier stage it is not examined again.
        """
        path = self.fetch(upload, "source")
        self.lease.report(0.0)
        found = _known(Probe, findings.get("probe"))
        if found is None:
            found = probe(path, scratch=self.scratch, limits=self.limits)
            self.lease.report(0.0)
        return Source(path, found, _known(Loudness, findings.get("loudness")))

    def listen(self, source: Source) -> Source:
        """Return the source with its loudness measured, if it was not yet; raises MediaError."""
        if source.loudness is not None:
            return source
        loudness = measure_loudness(
            source.path,
            probe=source.probe,
            ffmpeg=self.ffmpeg,
            scratch=self.scratch,
            limits=self.limits,
        )
        self.lease.report(0.0)
        return replace(source, loudness=loudness)

    def corner(self, name: str) -> Path:
        """Return an empty folder for a tool that works beside another one."""
        folder = self.scratch / name
        folder.mkdir()
        return folder

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
                for block in storage.read(chunk.key, etag=chunk.etag):
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
        limits = Limits(
            encoder=settings.VIDEO_ENCODER,
            nice=LADDER_NICE if lease.stage == Stage.LADDER else Limits.nice,
        )
        yield Workshop(lease, scratch, ffmpeg_path(settings.FFMPEG), limits, owner_id)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _known(kind: type[Known], fields: dict[str, Any] | None) -> Known | None:
    """Return earlier findings; None without them, or when a newer version has other fields."""
    if fields is None:
        return None
    try:
        given: Any = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
        return kind(**given)
    except TypeError:
        return None
