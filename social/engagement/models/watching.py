"""What players tell about watching."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ViewEvent(models.Model):
    """Somebody watched some of a video. Never changed, except to mark that it has been counted."""

    id = models.BigAutoField(primary_key=True)
    viewer_key = models.CharField(max_length=64, help_text="`u:` and a user, or `a:` and a visit.")
    client_event_id = models.CharField(max_length=64)
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="view_events",
    )
    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="view_events")
    watched_ms = models.PositiveIntegerField()
    duration_ms = models.PositiveIntegerField()
    completed = models.BooleanField()
    replays = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=20)
    at = models.DateTimeField(help_text="As the player says, within the last day.")
    created_at = models.DateTimeField(auto_now_add=True)
    is_view = models.BooleanField(help_text="Long enough, and not the author's own.")
    counted_at = models.DateTimeField(null=True, help_text="When it went into `VideoStats.views`.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer_key", "client_event_id"], name="viewevent_once"
            ),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True) | Q(is_view=True),
                name="viewevent_counted_is_view",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(is_view=True, counted_at__isnull=True),
                name="viewevent_waiting",
            ),
            models.Index(fields=["created_at"], name="viewevent_age"),
        ]

    def __str__(self) -> str:
        return f"{self.viewer_key} watched {self.video_id}"
