"""Share links: the short address under which somebody passes a video on."""

import secrets
from typing import TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from core import events, limits
from core.errors import NotFound, RateLimited
from social.engagement import counters, selectors
from social.engagement.events import VideoShared
from social.engagement.models import ShareLink, ShareOpening
from social.engagement.policies import Viewer
from social.graph import policies as people
from videos import selectors as videos
from videos.models import Video

CODE_BYTES = 8  # 64 random bits: whoever may see the video may as well have its id.


class ShareState(TypedDict):
    """The actor's link of the video, how many people came by it, and how many share the video."""

    code: str
    opens: int
    shares: int


def share_video(*, actor: Viewer, video_id: object) -> ShareState:
    """Return the actor's link of a video that they may see; made, and counted, the first time."""
    actor = people.require_active(actor)
    limits.consume(budget="share", subject=str(actor.pk))
    video = videos.get_viewable_video(viewer=actor, video_id=video_id).pk
    links = ShareLink.objects.filter(user=actor, video_id=video)
    if not links.exists() and _make(actor.pk, video):
        events.publish(VideoShared(user_id=actor.pk, video_id=video))
    link = links.first()
    if link is None:
        raise NotFound
    shares = selectors.counts_for([video])[video].shares
    return {"code": link.code, "opens": link.openings.count(), "shares": shares}


def open_share(
    *, viewer: Viewer, visitor: str, address: str, code: str, noted: bool = True
) -> Video:
    """Return the video of a link if `viewer` may see it, and note that they came (`noted`).

    Noted once for each person (`visitor` stands for one without an account), not for the link's
    maker, and no oftener than the budget of `address` has it. Raises NotFound: for a code that is
    none, and for a video that the viewer may not see.
    """
    link = ShareLink.objects.filter(code=code).first()
    video = videos.get_viewable_video(viewer=viewer, video_id=link.video_id if link else None)
    user = viewer if isinstance(viewer, User) else None
    if noted and link is not None and (user is None or user.pk != link.user_id):
        key = f"u:{user.pk}" if user else f"a:{visitor}"
        _note(link, key, user, address)
    return video


def _make(user_id: UUID, video_id: UUID) -> bool:
    """Insert the link and count it; of several at once the database lets one in."""
    code = secrets.token_urlsafe(CODE_BYTES)
    try:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    ShareLink.objects.create(user_id=user_id, video_id=video_id, code=code)
            except IntegrityError:
                return False
            counters.count(video_id, shares=1)
    except IntegrityError as error:
        # Foreign keys are checked at the commit: the video went away meanwhile.
        raise NotFound from error
    return True


def _note(link: ShareLink, key: str, user: User | None, address: str) -> None:
    rows = ShareOpening.objects.filter(link=link, viewer_key=key)
    if rows.exists():
        return
    try:
        limits.consume(budget="share_open", subject=address)
    except RateLimited:
        return  # Whoever comes late is let through all the same, only not counted.
    try:
        with transaction.atomic():
            opening = ShareOpening(link=link, viewer_key=key, viewer=user)
            ShareOpening.objects.bulk_create([opening], ignore_conflicts=True)
    except IntegrityError:
        return  # The link, or its video, went away meanwhile.
