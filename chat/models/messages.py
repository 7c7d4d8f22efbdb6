"""What is said, and everything that happens to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models.conversations import Conversation
from chat.models.emoji import CustomEmoji
from core.ids import uuid7


class Message(models.Model):
    """One message, at its final place `seq` of its conversation from the moment it exists."""

    class Kind(models.TextChoices):
        """What it carries besides its body; `system` messages are written by the product."""

        TEXT = "text"
        IMAGE = "image"
        VIDEO = "video"
        AUDIO = "audio"
        FILE = "file"
        CLIP = "clip"
        PROFILE = "profile"
        CALL = "call"
        SYSTEM = "system"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    seq = models.PositiveBigIntegerField()
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    client_id = models.UUIDField(help_text="Made by the sender's device; once for ever.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of what was sent.")
    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.TEXT)
    body = models.CharField(max_length=4000, blank=True)
    reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    forwarded = models.BooleanField(default=False)
    mentions = models.JSONField(default=list, blank=True, help_text="Ids of members named.")
    meta = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_seq_unique"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="message_client_unique"),
            models.CheckConstraint(condition=Q(seq__gt=0), name="message_seq_positive"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(body=""), name="message_deleted_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} #{self.seq}"


class ConversationEvent(models.Model):
    """One change of a conversation, in order; clients that missed one ask from where they are."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="events")
    event_seq = models.PositiveBigIntegerField()
    type = models.CharField(max_length=20)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "event_seq"], name="event_seq_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.type} {self.event_seq}"


class MessageRevision(models.Model):
    """What an edited message said before."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    body = models.CharField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "revision"], name="revision_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} r{self.revision}"


class MessageHidden(models.Model):
    """A message that one person deleted for themselves."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="hidden_for")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "message"], name="hidden_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} hidden for {self.user_id}"


class Reaction(models.Model):
    """One person's emoji on one message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=40)
    custom = models.ForeignKey(
        CustomEmoji,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The picture of `:shortcode:`, while there is one.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "user", "emoji"], name="reaction_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.emoji} on {self.message_id}"
