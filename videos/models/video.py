"""One item of a feed.

Processing, moderation and deletion are separate axes; whether somebody sees a video is derived
from them in `policies.py`, never stored.
"""

import random

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import uuid7
from videos.models.uploads import Upload

SHUFFLE_RANGE = 2**31


def random_shuffle_key() -> int:
    """Return a video's fixed place on the ring that shuffled feeds walk."""
    return random.randrange(SHUFFLE_RANGE)


class Video(models.Model):
    """One item of a feed."""

    class Kind(models.TextChoices):
        """What is shown."""

        CLIP = "clip"
        PHOTOS = "photos"
        TEXT = "text"

    class Audience(models.TextChoices):
        """Whom the author chose."""

        EVERYONE = "everyone"
        FOLLOWERS = "followers"
        FRIENDS = "friends"
        ONLY_ME = "only_me"

    class AllowComments(models.TextChoices):
        """Who may comment."""

        EVERYONE = "everyone"
        FRIENDS = "friends"
        NOBODY = "nobody"

    class Processing(models.TextChoices):
        """How far the worker is; `ready` means playable."""

        QUEUED = "queued"
        PROCESSING = "processing"
        READY = "ready"
        FAILED = "failed"

    class Moderation(models.TextChoices):
        """What moderators decided."""

        VISIBLE = "visible"
        HELD = "held"
        REMOVED = "removed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="videos"
    )
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.CLIP)
    caption = models.CharField(max_length=2200, blank=True)
    background = models.CharField(
        max_length=16, blank=True, help_text="Of a text post: a name of `videos.backgrounds`."
    )
    audience = models.CharField(max_length=9, choices=Audience.choices, default=Audience.EVERYONE)
    allow_comments = models.CharField(
        max_length=8, choices=AllowComments.choices, default=AllowComments.EVERYONE
    )
    allow_duet = models.BooleanField(default=True)
    allow_sound = models.BooleanField(
        default=True, help_text="Others may set something to what is heard in it."
    )
    allow_download = models.BooleanField(default=True)
    mature = models.BooleanField(default=False)
    draft = models.BooleanField(default=False)
    scheduled_for = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Set when playable and neither a draft; may lie ahead when scheduled.",
    )
    announced_at = models.DateTimeField(
        null=True, blank=True, help_text="When the other apps were told, once ever."
    )
    pinned_at = models.DateTimeField(
        null=True, blank=True, help_text="Set while it leads its author's profile; three at most."
    )
    processing_state = models.CharField(
        max_length=10, choices=Processing.choices, default=Processing.QUEUED
    )
    progress = models.FloatField(default=0.0, help_text="Of the present stage, 0 to 1.")
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)
    moderation_state = models.CharField(
        max_length=8, choices=Moderation.choices, default=Moderation.VISIBLE
    )
    moderation_reason = models.CharField(max_length=300, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    media_epoch = models.PositiveIntegerField(default=0)
    shuffle_key = models.PositiveIntegerField(default=random_shuffle_key, editable=False)
    upload = models.OneToOneField(
        Upload, null=True, on_delete=models.SET_NULL, related_name="video"
    )
    sound = models.ForeignKey(
        "videos.Sound",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="uses",
        help_text="What is heard: its own, or another clip's.",
    )
    is_duet = models.BooleanField(
        default=False, help_text="Stays set when what it stands beside is gone: see `policies`."
    )
    duet_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="duets",
        help_text="The clip on its right, whose bytes it holds.",
    )
    is_reply = models.BooleanField(
        default=False, help_text="It answers something that an app above knows (`replying`)."
    )
    # Null, not empty: many rows without a key must not collide.
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001
    cover_at_ms = models.PositiveIntegerField(null=True, blank=True)
    cover_key = models.CharField(max_length=255, blank=True)
    preview_key = models.CharField(max_length=255, blank=True)
    blurhash = models.CharField(max_length=64, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="video_idempotency"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(processing_state="ready"),
                name="video_published_is_ready",
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["everyone", "followers", "friends", "only_me"]),
                name="video_audience_known",
            ),
            models.CheckConstraint(
                condition=Q(pinned_at__isnull=True) | Q(deleted_at__isnull=True, draft=False),
                name="video_pinned_is_out",
            ),
            models.CheckConstraint(
                condition=Q(is_duet=False, duet_of__isnull=True) | Q(is_duet=True, kind="clip"),
                name="video_duet_is_clip",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-published_at", "-id"], name="video_author"),
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(deleted_at__isnull=True, moderation_state="visible"),
                name="video_fresh",
            ),
            models.Index(
                fields=["shuffle_key", "id"],
                condition=Q(deleted_at__isnull=True, moderation_state="visible"),
                name="video_shuffle",
            ),
            models.Index(
                fields=["published_at"],
                condition=Q(announced_at__isnull=True, published_at__isnull=False),
                name="video_unannounced",
            ),
            models.Index(
                fields=["author"], condition=Q(pinned_at__isnull=False), name="video_pinned"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
