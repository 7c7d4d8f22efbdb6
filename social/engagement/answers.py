"""Comments and the clips that answer them: what `videos.replying` borrows, and what is shown."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from accounts.models import User
from accounts.presentation import UserBrief, brief
from social.engagement import addresses, policies, services
from social.engagement.models import Comment, VideoReply
from social.engagement.policies import Viewer
from videos import policies as videos
from videos.models import Video
from videos.replying import Answered


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """The comment that a clip answers, of which `video_id` is the video; `url` is a path."""

    comment_id: UUID
    video_id: UUID
    author: UserBrief
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ClipRow:
    """The latest clip that answers a comment."""

    id: UUID
    author: UserBrief

    @property
    def url(self) -> str:
        """Return the path of its page."""
        return reverse("feed:watch", kwargs={"username": self.author.username, "video_id": self.id})


class Answers:
    """What `videos.replying` asks for."""

    def find(self, *, actor: User, comment_id: object) -> Answered:
        """Return a comment that `actor` may answer; raises NotFound, Forbidden."""
        return services.find_answerable(actor=actor, comment_id=comment_id)

    def answer(self, *, video: Video, comment_id: UUID) -> None:
        """Note that a new clip answers it."""
        services.answer_comment(video=video, comment_id=comment_id)


def answered_by(videos_: Iterable[Video], *, viewer: Viewer) -> dict[UUID, AnswerPart]:
    """Return the comments that these clips answer, as far as `viewer` may read them.

    One query, none where no clip answers anything. A comment that was deleted, whose author or
    whose video is hidden from the viewer, is not there: the clip stands for itself then.
    """
    ids = [video.pk for video in videos_ if video.is_reply]
    if not ids:
        return {}
    readable = policies.comments_visible_to(viewer).filter(
        deleted_at__isnull=True, video__in=videos.visible_to(viewer)
    )
    rows = VideoReply.objects.filter(video_id__in=ids, comment__in=readable)
    return {
        row.video_id: AnswerPart(
            comment_id=row.comment_id,
            video_id=row.comment.video_id,
            author=brief(row.comment.author),
            text=row.comment.text,
            url=addresses.comment_url(row.comment),
        )
        for row in rows.select_related("comment__author", "comment__video__author")
    }


def clips_answering(comment_ids: Collection[UUID], *, viewer: Viewer) -> dict[UUID, ClipRow]:
    """Return the latest clip that answers each comment and that `viewer` sees.

    Two queries, one where there is none: however many answer a comment, one of them is read.
    """
    shown = videos.visible_to(viewer).filter(processing_state=Video.Processing.READY)
    answers = VideoReply.objects.filter(comment=OuterRef("pk"), video__in=shown)
    latest = Subquery(answers.order_by("-video_id").values("video_id")[:1])
    comments = Comment.objects.filter(pk__in=comment_ids).annotate(latest=latest)
    ids = [key for key in comments.values_list("latest", flat=True) if key]
    rows = VideoReply.objects.filter(video_id__in=ids) if ids else VideoReply.objects.none()
    return {
        row.comment_id: ClipRow(row.video_id, brief(row.video.author))
        for row in rows.select_related("video__author")
    }
