"""The exact counters of a video."""

from django.db import models


class VideoStats(models.Model):
    """Counters of one video, changed with `F()` in the transaction of the fact they count."""

    video = models.OneToOneField(
        "videos.Video", primary_key=True, on_delete=models.CASCADE, related_name="stats"
    )
    views = models.PositiveBigIntegerField(default=0)
    likes = models.PositiveIntegerField(default=0)
    comments = models.PositiveIntegerField(default=0)
    saves = models.PositiveIntegerField(default=0)
    shares = models.PositiveIntegerField(default=0)
    reposts = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"stats of {self.video_id}"
