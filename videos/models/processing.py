"""What the worker makes of a video, and the jobs that make it."""

from django.db import models
from django.db.models import Q

from videos.models.video import Video


class Rendition(models.Model):
    """One playable size of a clip."""

    id = models.BigAutoField(primary_key=True)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="renditions")
    short_edge = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bitrate = models.PositiveIntegerField(help_text="Bits per second.")
    size = models.BigIntegerField(help_text="Bytes.")
    key = models.CharField(max_length=255, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "short_edge"], name="rendition_size_unique"),
        ]

    def __str__(self) -> str:
        return self.key


class ProcessingJob(models.Model):
    """One stage of a video's processing, claimed by lease: `playable` first, the others after.

    `attempt` fences: it only ever grows, and only the attempt that the row names may publish.
    `tries` counts towards the limit and starts again when the owner asks for a retry.
    """

    class Stage(models.TextChoices):
        """The first rendition, the rest; what is said in it; a cover that replaces the first."""

        PLAYABLE = "playable"
        LADDER = "ladder"
        CAPTIONS = "captions"
        COVER = "cover"

    class State(models.TextChoices):
        """Life of a stage."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="jobs")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=dict, help_text="What the stage before found out.")
    lease_expires_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(auto_now_add=True, help_text="When a worker was last told.")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "stage"], name="processingjob_stage_unique"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_expires_at__isnull=False),
                name="processingjob_running_has_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_expires_at"], name="processingjob_lease"),
            models.Index(fields=["state", "queued_at"], name="processingjob_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} of {self.video_id} ({self.state})"
