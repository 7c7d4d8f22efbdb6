"""Which cards say or rest on something of another video, person or comment.

Redis keeps cards; whatever changes one thing makes those of its relatives stale too. Duets are
all named, since who may see them hangs on it; names and texts alone are followed as far as is fair.
"""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from social.engagement.models import Mention, VideoReply
from videos.models import Sound, Video

AT_ONCE = 1000


def of_video(video_id: UUID) -> list[UUID]:
    """Return a video, its duets, what is set to its sound and what answers a comment of it."""
    return [
        video_id,
        *Video.objects.filter(duet_of_id=video_id).values_list("pk", flat=True),
        *(pk for pk in _uses(Q(video_id=video_id)) if pk != video_id),
        *_answers(Q(comment__video_id=video_id)),
    ]


def of_person(user_id: UUID) -> list[UUID]:
    """Return the videos whose cards name a person or rest on a video or a comment of theirs."""
    mentions = Mention.objects.filter(person_id=user_id, comment__isnull=True)
    said = Q(comment__author_id=user_id) | Q(comment__parent__author_id=user_id)
    return [
        *Video.objects.filter(duet_of__author_id=user_id).values_list("pk", flat=True),
        *_latest(mentions.values_list("video_id", flat=True).order_by("-pk")),
        *_uses(Q(video__author_id=user_id)),
        *_answers(said | Q(comment__video__author_id=user_id)),
    ]


def of_pair(one_id: UUID, other_id: UUID) -> list[UUID]:
    """Return the duets of one of two people with the other."""
    ours = Q(author_id=one_id, duet_of__author_id=other_id)
    theirs = Q(author_id=other_id, duet_of__author_id=one_id)
    return list(Video.objects.filter(ours | theirs).values_list("pk", flat=True))


def of_comment(comment_id: UUID) -> list[UUID]:
    """Return what answers a comment, or one below it."""
    return _answers(Q(comment_id=comment_id) | Q(comment__parent_id=comment_id))


def _uses(of: Q) -> list[UUID]:
    """Return what is set to some sounds.

    The sounds are asked for first: joined to them, PostgreSQL walks all videos from the newest.
    """
    sounds = list(Sound.objects.filter(of).values_list("pk", flat=True))
    if not sounds:
        return []
    uses = Video.objects.filter(sound_id__in=sounds)
    return _latest(uses.values_list("pk", flat=True).order_by("-pk"))


def _answers(of: Q) -> list[UUID]:
    return _latest(VideoReply.objects.filter(of).order_by("-pk").values_list("pk", flat=True))


def _latest(ids: "QuerySet[Any, UUID]") -> list[UUID]:
    return list(ids[:AT_ONCE])
