"""The pictures of a photo post."""

from django.db import models

from videos.models.uploads import Upload
from videos.models.video import Video


class Photo(models.Model):
    """One picture of a carousel, in its author's order; without keys until a worker made it."""

    id = models.BigAutoField(primary_key=True)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField()
    upload = models.OneToOneField(
        Upload, null=True, on_delete=models.SET_NULL, related_name="photo"
    )
    key = models.CharField(max_length=255, blank=True)
    small_key = models.CharField(max_length=255, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "position"], name="photo_position_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.position}"
