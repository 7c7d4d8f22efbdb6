"""Hashtags of captions."""

from django.db import models

from videos.models.video import Video


class Tag(models.Model):
    """A hashtag, lower case, without its sign."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"#{self.name}"


class VideoTag(models.Model):
    """A tag of a video's caption, in the order written."""

    id = models.BigAutoField(primary_key=True)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="video_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="video_tags")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "tag"], name="videotag_pair_unique"),
        ]
        indexes = [models.Index(fields=["tag", "-video"], name="videotag_tag")]

    def __str__(self) -> str:
        return f"{self.video_id} #{self.tag_id}"
