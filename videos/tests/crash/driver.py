"""A process beside the product in a crash test: reads orders as JSON lines, answers as JSON lines.

Run as `python -m videos.tests.crash.driver` with the environment of the product under test. It
looks at the same database and storage, posts videos and sweeps; what crashes are the others.
"""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")
django.setup()

from accounts.models import User  # noqa: E402
from core import storage  # noqa: E402 - the apps must be set up first
from videos import services  # noqa: E402
from videos.models import Upload, Video  # noqa: E402
from videos.services import sweeping  # noqa: E402
from videos.tests.invariants import check_invariants  # noqa: E402


def person(username: str) -> User:
    """Return somebody, new the first time."""
    return User.objects.get_or_create(username=username, email=f"{username}@example.com")[0]


def post(username: str, path: str) -> str:
    """Upload and publish the file at `path`; return the video's id."""
    actor = person(username)
    body = Path(path).read_bytes()
    upload = services.create_upload(actor=actor, length=len(body))
    services.append(actor=actor, upload_id=upload.pk, offset=0, stream=io.BytesIO(body))
    return str(services.publish_video(actor=actor, upload_id=upload.pk).pk)


def state(video_id: str) -> dict[str, Any]:
    """Return how far a video is."""
    video = Video.objects.get(pk=video_id)
    return {
        "processing": video.processing_state,
        "progress": video.progress,
        "upload": str(video.upload_id),
        "published": video.published_at is not None,
        "renditions": video.renditions.count(),
        "photos": [photo.width for photo in video.photos.order_by("position") if photo.key],
        "captions": [track.lang for track in video.caption_tracks.order_by("lang")],
        "sound": str(video.sound_id) if video.sound_id else None,
        "videos": Video.objects.filter(author=video.author, kind=video.kind).count(),
        "jobs": {job.stage: [job.state, job.attempt] for job in video.jobs.all()},
    }


def offset(upload_id: str) -> int:
    """Return how much of an upload is durable."""
    return Upload.objects.get(pk=upload_id).offset


def content(upload_id: str) -> str:
    """Return the SHA-256 of the bytes that storage holds of an upload."""
    from hashlib import sha256

    digest = sha256()
    for chunk in Upload.objects.get(pk=upload_id).chunks.order_by("offset"):
        for block in storage.read(chunk.key):
            digest.update(block)
    return digest.hexdigest()


def sweep() -> str:
    """Sweep once."""
    return str(sweeping.sweep())


def check() -> str:
    """Check the invariants."""
    check_invariants(alone=storage.is_local())
    return "ok"


ORDERS = {order.__name__: order for order in (post, state, offset, content, sweep, check)}


def main() -> None:
    """Obey until the input ends."""
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer = {"value": ORDERS[name](*arguments)}
        except AssertionError as error:
            answer = {"failed": str(error)}
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer of the protocol


if __name__ == "__main__":
    main()
