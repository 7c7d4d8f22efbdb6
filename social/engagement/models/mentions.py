"""Who is named in a caption or a comment."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import uuid7


class Mention(models.Model):
    """`person` was called `name` in a video's caption, or in a comment, when it was written."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="mentions")
    comment = models.ForeignKey(
        "engagement.Comment", null=True, on_delete=models.CASCADE, related_name="mentions"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions"
    )
    name = models.CharField(max_length=30, help_text="As written, lower case.")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["video", "person"],
                condition=Q(comment__isnull=True),
                name="mention_caption_unique",
            ),
            models.UniqueConstraint(
                fields=["comment", "person"],
                condition=Q(comment__isnull=False),
                name="mention_comment_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.name} in {self.comment_id or self.video_id}"
