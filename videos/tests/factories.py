"""Videos, uploads and small clips for tests of this app and those above it."""

import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from core import files, storage
from videos import services
from videos.models import Rendition, Upload, Video
from videos.tests.media import samples

# Passes the magic check and nothing else.
MP4_HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"


@cache
def clip(size: str = "640x360", seconds: float = 1.0) -> bytes:
    """Return a small H.264 clip, made once per run."""
    with tempfile.TemporaryDirectory() as folder:
        return samples.landscape_h264(Path(folder), size=size, seconds=seconds).read_bytes()


def fake_file(size: int) -> bytes:
    """Return bytes that look like the start of an MP4."""
    return (MP4_HEAD + bytes(range(256)) * (size // 256 + 1))[:size]


def received(owner: User, body: bytes | None = None) -> Upload:
    """Return a complete upload of `body` (a playable clip unless given)."""
    data = clip() if body is None else body
    upload = services.create_upload(actor=owner, length=len(data), file_name="clip.mp4")
    return services.append(
        actor=owner, upload_id=upload.pk, offset=0, stream=io.BytesIO(data), size=len(data)
    )


def stored_bytes(upload: Upload) -> bytes:
    """Return what the storage holds of an upload."""
    chunks = upload.chunks.order_by("offset")
    return b"".join(b"".join(storage.read(chunk.key)) for chunk in chunks)


def posted(owner: User, body: bytes | None = None, **fields: Any) -> Video:
    """Return a video just published: queued, nothing processed yet."""
    return services.publish_video(actor=owner, upload_id=received(owner, body).pk, **fields)


def ready_video(author: User, **fields: Any) -> Video:
    """Return a published video that has rows but no bytes."""
    given = {"processing_state": "ready", "published_at": timezone.now(), **fields}
    return Video.objects.create(author=author, **given)


def stored_video(author: User, body: bytes = b"0123456789" * 100, **fields: Any) -> Video:
    """Return a published video with one rendition and a cover whose bytes are in the storage."""
    video = ready_video(author, **fields)
    keys = {name: f"videos/{video.pk}/p1/{name}" for name in ("360.mp4", "cover.jpg")}
    for name, key in keys.items():
        stored = files.reserve(owner_id=author.pk, purpose="test", key=key, size=len(body))
        files.put(stored=stored, content=ContentFile(body, name))
    files.reference(keys.values())
    Rendition.objects.create(
        video=video,
        short_edge=360,
        width=640,
        height=360,
        bitrate=1,
        size=len(body),
        key=keys["360.mp4"],
    )
    video.cover_key = keys["cover.jpg"]
    video.save(update_fields=["cover_key"])
    return video
