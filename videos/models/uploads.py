"""Bytes on their way in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import uuid7


class Upload(models.Model):
    """Bytes on their way in: an ordered list of chunks, each a stored file."""

    class State(models.TextChoices):
        """Life of an upload; the last three are ends."""

        CREATED = "created"
        RECEIVING = "receiving"
        RECEIVED = "received"
        CONSUMED = "consumed"
        EXPIRED = "expired"
        ABORTED = "aborted"
        REJECTED = "rejected"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    length = models.BigIntegerField(null=True, help_text="Declared bytes; null until known.")
    reserved = models.BigIntegerField(help_text="Most bytes that may come; counted in the quota.")
    offset = models.BigIntegerField(default=0, help_text="Bytes that are durable.")
    file_name = models.CharField(max_length=255, blank=True, help_text="Shown to the owner only.")
    # Null, not empty: many rows without a key must not collide.
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001
    direct_key = models.CharField(
        max_length=255, blank=True, help_text="Where the store puts what comes past us."
    )
    multipart_id = models.CharField(
        max_length=512, blank=True, help_text="The store's own name of parts not yet put together."
    )
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "idempotency_key"], name="upload_idempotency"),
            models.CheckConstraint(condition=Q(offset__gte=0), name="upload_offset_not_negative"),
            models.CheckConstraint(
                condition=Q(length__isnull=True) | Q(offset__lte=F("length")),
                name="upload_within_length",
            ),
            models.CheckConstraint(
                condition=Q(offset__lte=F("reserved")), name="upload_within_reservation"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "expires_at"], name="upload_expiry"),
            models.Index(fields=["owner", "created_at"], name="upload_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"


class UploadChunk(models.Model):
    """A durable piece of an upload."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="chunks")
    offset = models.BigIntegerField()
    size = models.BigIntegerField()
    key = models.CharField(max_length=255, unique=True)
    etag = models.CharField(max_length=64, blank=True, help_text="Pins the very bytes, where set.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="uploadchunk_offset_unique"),
            models.CheckConstraint(condition=Q(size__gt=0), name="uploadchunk_not_empty"),
        ]

    def __str__(self) -> str:
        return self.key
