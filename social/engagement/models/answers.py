"""Comments that were answered with a clip."""

from django.db import models

from social.engagement.models.comments import Comment


class VideoReply(models.Model):
    """`video` answers `comment`, of another video or of its own author's."""

    video = models.OneToOneField(
        "videos.Video", primary_key=True, on_delete=models.CASCADE, related_name="video_reply"
    )
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="video_replies")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["comment", "-video"], name="videoreply_comment")]

    def __str__(self) -> str:
        return f"{self.video_id} answers {self.comment_id}"
