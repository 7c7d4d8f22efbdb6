"""Who is named in a caption or a comment, found once, when it is written."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from social.engagement.mentions import mentioned_names
from social.engagement.models import Comment, Mention
from social.graph import policies as people
from videos.models import Video

# Longer than an hour: the sweep looks back over everything since its last turn.
RECENT = timedelta(hours=2)


def mention_in_comment(comment: Comment) -> None:
    """Make the mentions of a comment say what its text says; call inside a transaction."""
    Mention.objects.filter(comment=comment).delete()
    _write(comment.text, comment.author, video_id=comment.video_id, comment_id=comment.pk)


def mention_in_caption(*, video_id: UUID) -> None:
    """Make the mentions of a video's caption say what it says now."""
    with transaction.atomic():
        # One at a time: two edits of a caption would meet at the constraint. It is only held.
        rows = Video.objects.filter(pk=video_id).select_for_update(no_key=True, of=("self",))
        video = rows.select_related("author").first()
        if video is None:
            return
        Mention.objects.filter(video=video, comment__isnull=True).delete()
        _write(video.caption, video.author, video_id=video.pk)


def mend_mentions() -> int:
    """Find the mentions of new captions whose event was lost in a crash; return how many."""
    recent = Video.objects.filter(
        created_at__gte=timezone.now() - RECENT, caption__contains="@", mentions__isnull=True
    )
    ids = list(recent.values_list("pk", flat=True))
    for video_id in ids:
        mention_in_caption(video_id=video_id)
    return len(ids)


def _write(
    text: str, author: people.Viewer, *, video_id: UUID, comment_id: UUID | None = None
) -> None:
    names = mentioned_names(text)
    if not names:
        return
    found = people.people_visible_to(author).filter(username__in=names)
    ids = dict(found.values_list("username", "pk"))
    Mention.objects.bulk_create(
        Mention(
            video_id=video_id,
            comment_id=comment_id,
            person_id=ids[name],
            name=name,
            position=position,
        )
        for position, name in enumerate(names)
        if name in ids
    )
