"""What is said in a clip, in writing: one track a language."""

from django.db import models

from videos.models.video import Video


class CaptionTrack(models.Model):
    """WebVTT as we wrote it ourselves (`videos.webvtt`), never as it was sent."""

    id = models.BigAutoField(primary_key=True)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="caption_tracks")
    lang = models.CharField(max_length=16, help_text="BCP 47, lower case: en, vi, pt-br.")
    label = models.CharField(max_length=40, blank=True)
    body = models.TextField()
    automatic = models.BooleanField(
        default=False, help_text="Written down by a program, and no author has looked at it."
    )
    version = models.PositiveIntegerField(default=1, help_text="In the URL: an edit is a new one.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "lang"], name="captiontrack_lang_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.lang}"
