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
from videos.encoder_choice import encoder
from videos.leases import Lease, Stage
from videos.media.duet import Duet, measure_mix
from videos.media.encoders import SOFTWARE
from videos.media.ffmpeg import ffmpeg_path
from videos.media.limits import Limits
from videos.media.loudness import Loudness, measure_loudness
from videos.media.mix import PLAIN, Mix
from videos.media.probe import Probe, excerpt, probe
from videos.models import Upload

# What people wait for goes first, also where both run on the same processors.
LADDER_NICE = 15
# Of which a part of a clip's length can be chosen.
LONGEST_FILE_MS = 3_600_000
Part = tuple[int | None, int | None]
Known = TypeVar("Known", Probe, Loudness)


@dataclass(frozen=True)
class Source:
    """The uploaded file as one piece, and what is known of it."""

    path: Path
    probe: Probe
    loudness: Loudness | None = None
    # With it, `probe` and `loudness` are those of both together; `path` stays the upload.
    duet: Duet | None = None
    mix: Mix = PLAIN

    def findings(self) -> dict[str, Any]:
        """Return what was found out of the upload as JSON, for the stage after this one."""
        probe_, loudness = self.probe, self.loudness
        if self.duet is not None:
            probe_, loudness = self.duet.left_probe, self.duet.left_loudness
        kept = {"probe": asdict(probe_)}
        if loudness is not None and math.isfinite(loudness.integrated_lufs):
            kept["loudness"] = asdict(loudness)
        return kept


@dataclass(frozen=True)
class Workshop:
    """What every tool of one attempt needs."""

    lease: Lease
    scratch: Path
    ffmpeg: str
    limits: Limits
    owner_id: UUID

    def open(
        self, upload: Upload, findings: dict[str, Any], *, part: Part = (None, None)
    ) -> Source:
        """Assemble and examine the upload; raises MediaError for a file that cannot be used.

        Only a `part` of it counts, from and to ms; then the file may be longer than a clip. With
        the `findings` of an earlier stage it is not examined again.
        """
        path = self.fetch(upload, "source")
        self.lease.report(0.0)
        found = _known(Probe, findings.get("probe"))
        if found is None:
            limits = self.limits
            if part != (None, None):
                limits = replace(limits, max_duration_ms=LONGEST_FILE_MS)
            found = probe(path, scratch=self.scratch, limits=limits)
            found = excerpt(found, *part, limits=self.limits)
            self.lease.report(0.0)
        return Source(path, found, _known(Loudness, findings.get("loudness")))

    def listen(self, source: Source) -> Source:
        """Return the source with its loudness measured, if it was not yet; raises MediaError."""
        if source.loudness is not None:
            return source
        if source.duet is not None:
            return self._listen_to_both(source, source.duet)
        loudness = self._loudness(source.path, source.probe)
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

    def bring(self, key: str, name: str) -> Path:
        """Return a copy of a stored file, under a name of ours in the scratch folder."""
        path = self.scratch / name
        with path.open("wb") as whole:
            for block in storage.read(key):
                whole.write(block)
        self.lease.report(0.0)
        return path

    def store(self, path: Path, *, purpose: str) -> str:
        """Move an output to storage under this attempt's folder and return its key."""
        key = f"{self.lease.folder}{path.name}"
        stored = files.reserve(
            owner_id=self.owner_id, purpose=purpose, key=key, size=path.stat().st_size
        )
        files.put_path(stored=stored, path=path)
        return key

    def _listen_to_both(self, source: Source, duet: Duet) -> Source:
        own = duet.left_loudness or self._loudness(duet.left, duet.left_probe)
        duet = replace(duet, left_loudness=own)
        both = measure_mix(duet, ffmpeg=self.ffmpeg, scratch=self.scratch, limits=self.limits)
        self.lease.report(0.0)
        return replace(source, duet=duet, loudness=both)

    def _loudness(self, path: Path, probe_: Probe) -> Loudness:
        loudness = measure_loudness(
            path, probe=probe_, ffmpeg=self.ffmpeg, scratch=self.scratch, limits=self.limits
        )
        self.lease.report(0.0)
        return loudness

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
            encoder=SOFTWARE if lease.stage == Stage.CAPTIONS else encoder(),
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
