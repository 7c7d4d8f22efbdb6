"""Files that travel with messages."""

from django.conf import settings
from django.db import models

from chat.models.messages import Message
from core.ids import uuid7


class Attachment(models.Model):
    """A file of its owner until a message carries it; then of the conversation's members."""

    class Kind(models.TextChoices):
        """What the bytes turned out to be."""

        IMAGE = "image"
        VIDEO = "video"
        AUDIO = "audio"
        FILE = "file"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    message = models.ForeignKey(
        Message, null=True, on_delete=models.CASCADE, related_name="attachments"
    )
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    key = models.CharField(
        max_length=255, db_index=True, help_text="Shared by forwards of the same file."
    )
    content_type = models.CharField(max_length=80)
    name = models.CharField(max_length=120, blank=True)
    size = models.BigIntegerField(help_text="Bytes.")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    wave = models.JSONField(
        default=list, blank=True, help_text="How loud a recording is, in equal parts, 0 to 31."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(message__isnull=True),
                name="attachment_unsent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
