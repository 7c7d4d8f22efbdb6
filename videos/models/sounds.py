"""The audio of a clip, which others may set their pictures to."""

from django.db import models

from core.ids import uuid7


class Sound(models.Model):
    """What is heard in one clip; who may hear it follows from that clip, never from this row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    video = models.OneToOneField("videos.Video", on_delete=models.CASCADE, related_name="own_sound")
    key = models.CharField(max_length=255, unique=True)
    duration_ms = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key
