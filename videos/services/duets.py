"""What a worker does for a duet: the original's bytes beside the upload's, as one source."""

from dataclasses import replace
from pathlib import Path

from accounts.models import User
from core import storage
from core.errors import DomainError
from videos import duets
from videos.media import duet
from videos.media.errors import MediaError
from videos.media.probe import probe
from videos.models import Rendition, Video
from videos.workshop import Source, Workshop


def beside(shop: Workshop, video: Video, source: Source) -> Source:
    """Return the source of a duet with its original on the right; any other as it is.

    Raises MediaError; `original_gone` when its author could not make this duet any more.
    """
    if not video.is_duet:
        return source
    path = shop.scratch / "original"
    with path.open("wb") as whole:
        for block in storage.read(_best_rendition(video).key):
            whole.write(block)
            shop.lease.report(0.0)
    found = probe(path, scratch=shop.scratch, limits=shop.limits)
    both = duet.Duet(source.path, source.probe, path, found, source.loudness)
    return replace(source, probe=both.probe(shop.limits), loudness=None, duet=both)


def moment(
    shop: Workshop,
    source: Source,
    at_ms: int,
    short_edge: int,
    corner: Path,
    length_ms: int = duet.STILL_MS,
) -> tuple[Source, int]:
    """Return where to take pictures from, and when: of a duet a short file made for that."""
    if source.duet is None:
        return source, at_ms
    path = corner / "moment.mp4"
    found = duet.excerpt(
        source.duet,
        at_ms,
        path,
        short_edge=short_edge,
        length_ms=length_ms,
        ffmpeg=shop.ffmpeg,
        scratch=corner,
        limits=shop.limits,
    )
    return Source(path, found), 0


def _best_rendition(video: Video) -> Rendition:
    """Ask again what was asked when it was posted: much may have happened since."""
    author = User.objects.get(pk=video.author_id)
    try:
        original = duets.get_original(actor=author, video_id=video.duet_of_id)
    except DomainError as error:
        raise MediaError("original_gone", log=error.message) from error
    rendition = original.renditions.order_by("-short_edge").first()
    if rendition is None:
        raise MediaError("original_gone", log="it has no files")
    return rendition
