"""Whom to tell while they are away, what about, and how far that has come."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Session
from chat.models import Conversation
from core.ids import uuid7


class PushDevice(models.Model):
    """One browser or app that may be pushed to.

    `token` is a secret: a push service's URL (`webpush`) or Expo's token. Whoever registers one
    gets it, so that nobody is told on a device that somebody else uses now.
    """

    class Transport(models.TextChoices):
        """How it is reached."""

        WEB = "webpush"
        EXPO = "expo"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_devices"
    )
    session = models.ForeignKey(
        Session,
        null=True,
        on_delete=models.CASCADE,
        related_name="push_devices",
        help_text="The sign-in that it belongs to: it is told nothing once that has ended.",
    )
    transport = models.CharField(max_length=7, choices=Transport.choices)
    token = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=90, blank=True)
    auth = models.CharField(max_length=24, blank=True)
    language = models.CharField(max_length=10, blank=True)
    fails = models.PositiveIntegerField(default=0, help_text="In a row.")
    created_at = models.DateTimeField(auto_now_add=True)
    registered_at = models.DateTimeField(help_text="The last time that the device said so.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(transport="webpush") & ~Q(p256dh="") & ~Q(auth="")
                | Q(transport="expo", p256dh="", auth=""),
                name="pushdevice_keys_of_browsers",
            ),
        ]
        indexes = [models.Index(fields=["user", "registered_at"], name="pushdevice_user")]

    def __str__(self) -> str:
        return f"{self.transport} of {self.user_id}"


class PushPreference(models.Model):
    """What a person wants to be told of while away, and when not. No row: the defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    messages = models.BooleanField(default=True)
    calls = models.BooleanField(default=True)
    show_text = models.BooleanField(default=True, help_text="What a message says, in the push.")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~Q(quiet_from=models.F("quiet_until")),
                name="pushpreference_quiet_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"push preferences of {self.user_id}"


class PushJob(models.Model):
    """Something to tell the people of a conversation, written in the transaction that made it.

    A `message` job is about every message above `after_seq` up to `upto_seq`; while it waits it
    has no end, and there is one of a conversation: ten messages in a row are one push.
    """

    class Kind(models.TextChoices):
        """What happened."""

        MESSAGE = "message"
        REQUEST = "request"
        RING = "ring"
        MISSED = "missed_call"

    class State(models.TextChoices):
        """`waiting` until it is due, `spreading` while its deliveries are written."""

        WAITING = "waiting"
        SPREADING = "spreading"
        DONE = "done"
        DEAD = "dead"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Who asked or called; of messages there may be several.",
    )
    call_id = models.UUIDField(null=True)
    after_seq = models.PositiveBigIntegerField(default=0)
    upto_seq = models.PositiveBigIntegerField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    happened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="While spreading: when its lease ends.")
    cursor = models.UUIDField(null=True, help_text="The last person whose deliveries are written.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(kind="message", state="waiting"),
                name="pushjob_one_waiting",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["waiting", "spreading"]),
                name="pushjob_open",
            ),
            models.Index(fields=["happened_at"], name="pushjob_happened"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.conversation_id} ({self.state})"


class PushDelivery(models.Model):
    """One job for one device, which is asked about again at the moment of sending."""

    class State(models.TextChoices):
        """`ticketed`: Expo has it and tells later what became of it."""

        WAITING = "waiting"
        SENDING = "sending"
        TICKETED = "ticketed"
        SENT = "sent"
        DROPPED = "dropped"
        DEAD = "dead"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(PushJob, on_delete=models.CASCADE, related_name="deliveries")
    device = models.ForeignKey(PushDevice, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=24, blank=True, help_text="Of what was not sent.")
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(help_text="While sending: when its lease ends.")
    ticket = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "device"], name="pushdelivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["waiting", "sending", "ticketed"]),
                name="pushdelivery_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} to {self.device_id} ({self.state})"
