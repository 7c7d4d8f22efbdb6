"""Text posts: a thought on a ground. Nothing is processed, so they are out at once."""

from typing import Unpack

from django.db import IntegrityError, transaction

from core import limits
from social.graph.policies import require_active
from videos import backgrounds, kinds
from videos.models import Video
from videos.policies import Viewer
from videos.services.choices import Choices, new_video
from videos.services.editing import settle_publication
from videos.services.publishing import find_published, write_tags

# The screen that it is shown on, so that layouts hold a place of the right shape.
WIDTH, HEIGHT = 1080, 1920


def publish_text(
    *,
    actor: Viewer,
    caption: str,
    background: str = "",
    idempotency_key: str | None = None,
    **choices: Unpack[Choices],
) -> Video:
    """Publish a text of at most 500 characters on one of `backgrounds`.

    Twice with the same key gives the same post. Raises Invalid (empty, too long, unknown
    background), Conflict (the key's post was deleted), RateLimited.
    """
    actor = require_active(actor)
    video = new_video(
        author=actor,
        kind=Video.Kind.TEXT,
        caption=kinds.clean_text(caption),
        idempotency_key=idempotency_key,
        choices=choices,
        background=kinds.checked_background(background or backgrounds.DEFAULT),
        processing_state=Video.Processing.READY,
        progress=1.0,
        width=WIDTH,
        height=HEIGHT,
    )
    first = find_published(actor=actor, upload_id=None, idempotency_key=idempotency_key)
    if first is not None:
        return first
    limits.consume(budget="publish", subject=str(actor.pk))
    try:
        with transaction.atomic():
            settle_publication(video)
            video.save(force_insert=True)
            write_tags(video)
            return video
    except IntegrityError:
        first = find_published(actor=actor, upload_id=None, idempotency_key=idempotency_key)
        if first is None:
            raise
        return first
