"""What a card stands in relation to: the original of a duet, named only to whoever may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from accounts.presentation import UserBrief, brief
from videos import policies
from videos.models import Video
from videos.policies import Viewer


@dataclass(frozen=True, slots=True)
class OriginalPart:
    """The clip on the right of a duet; `url` is the path of its page."""

    id: UUID
    author: UserBrief
    url: str


def originals_for(videos: Iterable[Video], *, viewer: Viewer) -> Mapping[UUID, OriginalPart]:
    """Return the originals of these videos that `viewer` may see, by id; one query, or none.

    Whoever sees somebody's duet sees its original; the author of a duet may not any more.
    """
    ids = {video.duet_of_id for video in videos if video.duet_of_id}
    if not ids:
        return {}
    rows = policies.visible_to(viewer).filter(pk__in=ids).select_related("author")
    return {video.pk: _part(video) for video in rows}


def _part(video: Video) -> OriginalPart:
    names = {"username": video.author.username, "video_id": video.pk}
    return OriginalPart(video.pk, brief(video.author), reverse("feed:watch", kwargs=names))
