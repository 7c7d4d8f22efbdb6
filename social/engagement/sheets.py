"""Comments as they are shown: rows of a thread and the context of the comment sheet."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.presentation import UserBrief, brief
from core.errors import Invalid
from core.ids import parse_uuid
from social.engagement import answers, policies, selectors
from social.engagement.answers import ClipRow
from social.engagement.mentions import mention_spans, with_spans
from social.engagement.models import Comment, Mention
from social.engagement.policies import Viewer
from videos import policies as videos
from videos.models import Video

PAGE = 20


@dataclass(frozen=True, slots=True)
class MentionRow:
    """Somebody named: what was written, and who it is."""

    name: str
    id: UUID
    username: str


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment for one viewer. A deleted one keeps its place and tells nothing."""

    id: UUID
    video_id: UUID
    parent_id: UUID | None
    author: UserBrief | None
    text: str
    created_at: datetime
    reply_count: int
    like_count: int
    liked: bool
    liked_by_creator: bool
    pinned: bool
    edited_at: datetime | None
    is_author_of_video: bool
    can_delete: bool
    can_edit: bool
    can_pin: bool
    deleted: bool
    mentions: list[MentionRow]
    video_reply: ClipRow | None

    @property
    def text_html(self) -> SafeString:
        """Return the text as HTML, the mentions that the viewer may see linked."""
        names = {mention.name: mention.username for mention in self.mentions}
        return with_spans(self.text, list(mention_spans(self.text, names)))


@dataclass(frozen=True)
class _Page:
    """What the rows of a page share: one query each, whatever the size."""

    viewer: User | None
    moderates: bool
    replies: Mapping[UUID, int]
    likes: AbstractSet[tuple[UUID, UUID]]
    mentions: Mapping[UUID, list[Mention]]
    clips: Mapping[UUID, ClipRow]


def rows_for(comments: Sequence[Comment], *, viewer: Viewer) -> list[CommentRow]:
    """Return the rows of comments (with author and video) in a constant number of queries.

    Leaves out deleted heads below which the viewer sees nothing.
    """
    heads = [comment.pk for comment in comments if comment.parent_id is None]
    ids = [comment.pk for comment in comments]
    person = viewer if isinstance(viewer, User) else None
    asked = {comment.video.author_id for comment in comments} | ({person.pk} if person else set())
    page = _Page(
        viewer=person,
        moderates=policies.is_moderator(viewer),
        replies=selectors.reply_counts(viewer=viewer, comment_ids=heads) if heads else {},
        likes=selectors.comment_likes(user_ids=asked, comment_ids=ids),
        mentions=selectors.mentions_in_comments(viewer=viewer, comment_ids=ids),
        clips=answers.clips_answering(ids, viewer=viewer),
    )
    return [
        _row(comment, page)
        for comment in comments
        if comment.deleted_at is None or comment.pk in page.replies
    ]


def sheet(
    *, viewer: Viewer, video: Video, cursor: str | None = None, asked: str | None = None
) -> dict[str, Any]:
    """Return the context of `engagement/_comments.html` for a video that `viewer` may see.

    `cursor` is the id of the last comment shown; raises Invalid for anything else. The thread of
    the comment `asked` for leads; one that is not there changes nothing.
    """
    heads = selectors.thread_heads(viewer=viewer, video=video)
    lead = selectors.thread_of(viewer=viewer, video=video, comment_id=asked)
    rest = heads.filter(pinned_at__isnull=True)
    if lead:
        heads, rest = heads.exclude(pk=lead.pk), rest.exclude(pk=lead.pk)
    after = _position(cursor)
    top = [] if after else [*([lead] if lead else []), *heads.filter(pinned_at__isnull=False)[:1]]
    if after:
        rest = rest.filter(pk__lt=after)
    page = list(rest[: PAGE + 1])
    url = reverse("engagement:comments", args=[video.pk])
    kept = {"comment": str(lead.pk)} if lead else {}
    return {
        "video_id": video.pk,
        "comments": rows_for([*top, *page[:PAGE]], viewer=viewer),
        "asked_id": lead.pk if lead else None,
        "next_url": _next_url(url, page, kept),
        "total": selectors.count_comments(viewer=viewer, video=video),
        "can_comment": policies.can_comment(viewer, video),
        "comments_closed": videos.comments_allowed(video) == Video.AllowComments.NOBODY,
    }


def replies(*, viewer: Viewer, head: Comment, cursor: str | None = None) -> dict[str, Any]:
    """Return the context of `engagement/_replies.html` for a head that `viewer` may see."""
    rows = selectors.replies_of(viewer=viewer, comment_id=head.pk)
    after = _position(cursor)
    if after:
        rows = rows.filter(pk__gt=after)
    page = list(rows[: PAGE + 1])
    url = reverse("engagement:replies", args=[head.pk])
    return {
        "video_id": head.video_id,
        "comment_id": head.pk,
        "comments": rows_for(page[:PAGE], viewer=viewer),
        "next_url": _next_url(url, page, {}),
        "can_comment": policies.can_comment(viewer, head.video),
    }


def _row(comment: Comment, page: _Page) -> CommentRow:
    deleted = comment.deleted_at is not None
    author_id, user = comment.video.author_id, page.viewer
    return CommentRow(
        id=comment.pk,
        video_id=comment.video_id,
        parent_id=comment.parent_id,
        author=None if deleted else brief(comment.author),
        text=comment.text,
        created_at=comment.created_at,
        reply_count=page.replies.get(comment.pk, 0),
        like_count=0 if deleted else comment.likes,
        liked=not deleted and user is not None and (user.pk, comment.pk) in page.likes,
        liked_by_creator=not deleted and (author_id, comment.pk) in page.likes,
        pinned=comment.pinned_at is not None,
        edited_at=None if deleted else comment.edited_at,
        is_author_of_video=not deleted and comment.author_id == author_id,
        can_delete=not deleted and (page.moderates or policies.owns(user, comment)),
        can_edit=not deleted and user is not None and user.pk == comment.author_id,
        can_pin=not deleted and policies.can_pin(user, comment),
        deleted=deleted,
        mentions=[
            MentionRow(mention.name, mention.person_id, mention.person.username)
            for mention in page.mentions.get(comment.pk, ())
        ],
        video_reply=None if deleted else page.clips.get(comment.pk),
    )


def _position(cursor: str | None) -> UUID | None:
    position = parse_uuid(cursor) if cursor else None
    if cursor and position is None:
        raise Invalid("cursor_invalid", "This cursor is not valid here.")
    return position


def _next_url(url: str, page: list[Comment], kept: dict[str, str]) -> str | None:
    if len(page) <= PAGE:
        return None
    return f"{url}?{urlencode({'cursor': str(page[PAGE - 1].pk), **kept})}"
