"""Answering a comment with a clip; `videos.replying` asks for it when a clip is published."""

from uuid import UUID

from accounts.models import User
from core import events
from core.errors import Forbidden
from social.engagement import addresses, policies, selectors
from social.engagement.events import CommentAnswered
from social.engagement.models import VideoReply
from videos.models import Video
from videos.replying import Answered


def find_answerable(*, actor: User, comment_id: object) -> Answered:
    """Return a comment that `actor` may answer with a clip: whoever may comment there.

    Raises NotFound for a comment that is gone or hidden, Forbidden `comments_off`.
    """
    comment = selectors.get_live_comment(viewer=actor, comment_id=comment_id)
    if not policies.can_comment(actor, comment.video):
        raise Forbidden("comments_off", "You cannot comment on this video.")
    return Answered(
        comment_id=comment.pk,
        author=comment.author.username,
        text=comment.text,
        url=addresses.comment_url(comment),
    )


def answer_comment(*, video: Video, comment_id: UUID) -> None:
    """Note that a clip answers a comment; `find_answerable` has been asked."""
    VideoReply.objects.create(video=video, comment_id=comment_id)


def tell_answered(*, video_id: UUID) -> None:
    """Tell that a comment was answered, when the clip that does so has come out."""
    reply = VideoReply.objects.filter(video_id=video_id).select_related("video").first()
    if reply is not None:
        events.publish(
            CommentAnswered(
                comment_id=reply.comment_id, video_id=video_id, author_id=reply.video.author_id
            )
        )
