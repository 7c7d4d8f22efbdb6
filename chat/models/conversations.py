"""Conversations and who is in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models.themes import Theme
from core.ids import uuid7


class Conversation(models.Model):
    """Two people (`dm`, one per unordered pair) or a group.

    `last_msg_seq` counts messages without a gap (unread is arithmetic on it); `last_event_seq`
    counts every change, so that a client knows when it missed one.
    """

    class Kind(models.TextChoices):
        """What sort of conversation."""

        DM = "dm"
        GROUP = "group"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    dm_key = models.CharField(  # noqa: DJ001  groups have none, and NULLs are no duplicates
        max_length=73, null=True, unique=True, help_text="<lower id>:<higher id>"
    )
    title = models.CharField(max_length=60, blank=True)
    is_open = models.BooleanField(default=False, help_text="Found by search and joined freely.")
    picture_key = models.CharField(max_length=255, blank=True, help_text="Of a group that has one.")
    last_msg_seq = models.PositiveBigIntegerField(default=0)
    last_event_seq = models.PositiveBigIntegerField(default=0)
    last_activity_at = models.DateTimeField(help_text="Of any durable change; `/sync` reads it.")
    sort_at = models.DateTimeField(help_text="Of the last message; lists are ordered by it.")
    member_count = models.PositiveIntegerField(default=0)
    theme = models.ForeignKey(Theme, null=True, on_delete=models.SET_NULL, related_name="rooms")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="dm", dm_key__isnull=False) | Q(kind="group", dm_key__isnull=True),
                name="conversation_dm_has_key",
            ),
        ]
        indexes = [
            models.Index(fields=["last_activity_at"], name="conversation_activity"),
            models.Index(
                fields=["title"], condition=Q(is_open=True), name="conversation_open_title"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_group(self) -> bool:
        """Whether it is more than a pair."""
        return self.kind == self.Kind.GROUP


class Member(models.Model):
    """One person in one conversation, with their own view of it.

    Messages with a seq of `joined_seq`, `hidden_before_seq` or less are not theirs to see.
    """

    class Role(models.TextChoices):
        """What a member may do to the group."""

        OWNER = "owner"
        ADMIN = "admin"
        MEMBER = "member"

    class State(models.TextChoices):
        """`request`: somebody who is no friend wrote, and the person has not answered yet."""

        ACTIVE = "active"
        REQUEST = "request"
        LEFT = "left"
        REMOVED = "removed"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=6, choices=Role.choices, default=Role.MEMBER)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    joined_seq = models.PositiveBigIntegerField(default=0)
    hidden_before_seq = models.PositiveBigIntegerField(default=0)
    last_read_seq = models.PositiveBigIntegerField(default=0)
    last_delivered_seq = models.PositiveBigIntegerField(default=0)
    last_shown_seq = models.PositiveBigIntegerField(
        default=0, help_text="Delivered to a device that was being looked at."
    )
    muted_until = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    draft = models.CharField(max_length=4000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(help_text="Of any change of the row; `/sync` reads it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="member_pair_unique"),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(role="owner", state="active"),
                name="member_one_owner",
            ),
            models.CheckConstraint(condition=Q(last_read_seq__gte=0), name="member_read_positive"),
        ]
        indexes = [
            models.Index(fields=["user", "state"], name="member_user_state"),
            models.Index(fields=["user", "changed_at"], name="member_user_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id} ({self.state})"


class ChatSettings(models.Model):
    """What a person lets others know; who hides it does not see it of others either."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    read_receipts = models.BooleanField(default=True)
    show_presence = models.BooleanField(default=True, help_text="To friends, never to others.")
    last_seen_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"chat settings of {self.user_id}"


class InviteLink(models.Model):
    """A way into a group for whoever holds it; one that works per group."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="links")
    token = models.CharField(max_length=32, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(revoked_at__isnull=True),
                name="invitelink_one_live",
            ),
        ]

    def __str__(self) -> str:
        return f"link to {self.conversation_id}"
