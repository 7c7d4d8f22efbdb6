"""Calls of two people: who rings, who is in, and how it ended. What they say is never ours."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models.conversations import Conversation
from core.ids import uuid7


class Call(models.Model):
    """One call. `state` only moves forward, by conditional updates: the first to move it wins."""

    class Media(models.TextChoices):
        """What it began with, or `video` once anybody showed a picture."""

        AUDIO = "audio"
        VIDEO = "video"

    class State(models.TextChoices):
        """`ringing` until somebody takes it, `active` until somebody leaves."""

        RINGING = "ringing"
        ACTIVE = "active"
        ENDED = "ended"

    class Outcome(models.TextChoices):
        """How it ended; `dropped` is an active call that a side vanished from."""

        NONE = ""
        COMPLETED = "completed"
        DROPPED = "dropped"
        MISSED = "missed"
        CANCELLED = "cancelled"
        DECLINED = "declined"
        BUSY = "busy"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="calls")
    initiator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    media = models.CharField(max_length=5, choices=Media.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RINGING)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True, default="")
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state__in=["ringing", "active"]),
                name="call_one_live",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) & ~Q(outcome="")
                | Q(outcome="", ended_at__isnull=True) & ~Q(state="ended"),
                name="call_ended_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(answered_at__isnull=False),
                name="call_active_was_answered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["ringing", "active"]),
                name="call_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media} call {self.pk} ({self.state})"


class CallParty(models.Model):
    """One person of a call, and the one device of theirs that is in it.

    `device` is a secret of that device, by which it comes back after its socket broke;
    `connection` is its present socket, empty while it has none.
    """

    class State(models.TextChoices):
        """`invited` rings, `joined` is in the call, `left` is history."""

        INVITED = "invited"
        JOINED = "joined"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="parties")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices)
    device = models.UUIDField(null=True, blank=True)
    connection = models.CharField(max_length=32, blank=True, default="")
    heard_at = models.DateTimeField(help_text="Its device's last sign of life: the lease.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "user"], name="callparty_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="joined"), name="callparty_in_one_call"
            ),
            models.CheckConstraint(
                condition=~Q(state="joined") | Q(device__isnull=False),
                name="callparty_joined_has_device",
            ),
        ]
        indexes = [
            models.Index(
                fields=["connection"], condition=Q(state="joined"), name="callparty_connection"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in call {self.call_id} ({self.state})"
