"""Tables that belong to no single subject: the file ledger, idempotency and rate limits."""

from django.conf import settings
from django.db import models

from core.ids import uuid7


class StoredFile(models.Model):
    """One key in the media storage. Row before object: an object never exists without its row."""

    class State(models.TextChoices):
        """Life of a key, in order; `condemned` waits for the sweeper to delete the bytes."""

        RESERVED = "reserved"
        PRESENT = "present"
        REFERENCED = "referenced"
        CONDEMNED = "condemned"
        DELETED = "deleted"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=255, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    purpose = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RESERVED)
    size = models.BigIntegerField(help_text="Bytes; what is reserved until the object is present.")
    created_at = models.DateTimeField(auto_now_add=True)
    state_changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size__gte=0), name="storedfile_size_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["reserved", "present", "referenced", "condemned", "deleted"]
                ),
                name="storedfile_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "state_changed_at"], name="storedfile_state"),
            models.Index(fields=["owner", "state"], name="storedfile_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class IdempotencyRecord(models.Model):
    """The first answer to a mutating call that carried an `Idempotency-Key`."""

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=100, help_text="Who and which route.")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the request body.")
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="idempotency_scope_key"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class RateBucket(models.Model):
    """State of one subject's budget in the embedded mode (generic cell rate algorithm)."""

    key = models.CharField(max_length=200, primary_key=True)
    theoretical_arrival = models.FloatField(help_text="Unix seconds.")

    class Meta:
        indexes = [models.Index(fields=["theoretical_arrival"], name="ratebucket_arrival")]

    def __str__(self) -> str:
        return self.key


class Outbox(models.Model):
    """An event that is committed and not yet published: a row is deleted once it has gone out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_ids = models.JSONField(help_text="Whose sockets it is for.")
    event = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.pk)
