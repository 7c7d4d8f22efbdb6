"""What an author chose to make of an upload, beyond taking it as it is."""

from django.db import models
from django.db.models import F, Q

from videos.models.uploads import Upload
from videos.models.video import Video

FULL = 100


class ClipEdit(models.Model):
    """Which part of the upload is shown, what is heard, and whether a picture is its cover.

    A clip without such a row is its upload from beginning to end, with its own sound.
    """

    video = models.OneToOneField(
        Video, on_delete=models.CASCADE, primary_key=True, related_name="edit"
    )
    trim_start_ms = models.PositiveIntegerField(null=True, help_text="Where it begins in the file.")
    trim_end_ms = models.PositiveIntegerField(null=True, help_text="Where it ends in the file.")
    own_level = models.PositiveSmallIntegerField(
        default=FULL, help_text="How loud the upload's own sound is, in percent."
    )
    sound_level = models.PositiveSmallIntegerField(
        null=True, help_text="How loud the chosen sound is, in percent; null without one."
    )
    cover_upload = models.OneToOneField(
        Upload, null=True, on_delete=models.SET_NULL, related_name="cover_of"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(trim_start_ms__isnull=True)
                | Q(trim_end_ms__isnull=True)
                | Q(trim_end_ms__gt=F("trim_start_ms")),
                name="clipedit_trim_is_a_part",
            ),
            models.CheckConstraint(
                condition=Q(own_level__lte=FULL)
                & (Q(sound_level__isnull=True) | Q(sound_level__lte=FULL)),
                name="clipedit_levels_are_shares",
            ),
        ]

    def __str__(self) -> str:
        return f"edit of {self.video_id}"
