"""Comments, and what happens to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import uuid7


class Comment(models.Model):
    """A comment or a reply to one; replies go one level deep."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comments"
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    text = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True)
    live_replies = models.PositiveIntegerField(
        default=0, help_text="Replies that are not deleted, for everybody."
    )
    likes = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True, help_text="One per video, by its author.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(deleted_at__isnull=False), name="comment_has_text"
            ),
            models.UniqueConstraint(
                fields=["video"],
                condition=Q(pinned_at__isnull=False),
                name="comment_one_pinned",
            ),
            models.CheckConstraint(
                condition=Q(pinned_at__isnull=True)
                | Q(parent__isnull=True, deleted_at__isnull=True),
                name="comment_pinned_is_live_head",
            ),
        ]
        indexes = [
            models.Index(fields=["video", "parent", "-id"], name="comment_thread"),
            models.Index(fields=["author", "-id"], name="comment_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} on {self.video_id}"


class CommentLike(models.Model):
    """`user` likes `comment`, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comment_likes"
    )
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="comment_likes")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "comment"], name="commentlike_pair_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} likes comment {self.comment_id}"


class CommentRevision(models.Model):
    """What a comment said before an edit; gone when the comment is deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    text = models.CharField(max_length=1000)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["comment", "-id"], name="commentrevision_comment")]

    def __str__(self) -> str:
        return f"before {self.replaced_at} of {self.comment_id}"
