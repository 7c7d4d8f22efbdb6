"""People, their devices and their refresh tokens."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from accounts.managers import UserManager
from core.ids import uuid7


class User(AbstractBaseUser, PermissionsMixin):
    """A person: credentials, profile and privacy settings."""

    class WhoMayComment(models.TextChoices):
        """Whom a person lets comment on any of their videos, at most."""

        EVERYONE = "everyone"
        FRIENDS = "friends"
        NOBODY = "nobody"

    class WhoMayMessage(models.TextChoices):
        """Who may open a conversation; whoever is no friend does so by a request."""

        EVERYONE = "everyone"
        FRIENDS = "friends"
        NOBODY = "nobody"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(
        max_length=24, unique=True, help_text="Lower case; see accounts.usernames."
    )
    email = models.EmailField(
        max_length=254, unique=True, help_text="Lower case; see accounts.emails."
    )
    name = models.CharField(max_length=50, blank=True)
    bio = models.CharField(max_length=160, blank=True)
    links = models.JSONField(default=list, blank=True, help_text="Up to five {label, url}.")
    avatar_key = models.CharField(max_length=255, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    is_private = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=False)
    found_by_email = models.BooleanField(default=False)
    who_may_comment = models.CharField(
        max_length=8, choices=WhoMayComment.choices, default=WhoMayComment.EVERYONE
    )
    who_may_message = models.CharField(
        max_length=8, choices=WhoMayMessage.choices, default=WhoMayMessage.EVERYONE
    )
    show_mature = models.BooleanField(default=False, help_text="In feeds; counts for adults only.")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True, help_text="Off while deactivated or leaving.")
    deactivated_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When its owner left for a while; signing in offers return.",
    )
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    auth_version = models.PositiveIntegerField(default=0, help_text="Bumped to end every session.")
    media_epoch = models.PositiveIntegerField(default=0, help_text="Bumped to end every media URL.")

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="user_username_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(deactivated_at__isnull=True) | models.Q(is_active=False),
                name="user_deactivated_is_inactive",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.username}"

    @property
    def is_suspended(self) -> bool:
        """Whether moderators have shut the account."""
        return self.suspended_at is not None

    @property
    def display_name(self) -> str:
        """The name people read."""
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the display name (Django's hook)."""
        return self.display_name


class Session(models.Model):
    """A device on which somebody is signed in: a browser (cookie) or an app (tokens)."""

    class Kind(models.TextChoices):
        """How the device authenticates."""

        BROWSER = "browser"
        APP = "app"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="device_sessions")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    user_agent = models.CharField(max_length=300, blank=True)
    ip = models.GenericIPAddressField(null=True)
    auth_version = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "revoked_at"], name="session_user")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"


class RefreshToken(models.Model):
    """One link of a session's chain of refresh tokens; only the SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="refresh_tokens")
    parent = models.OneToOneField(
        "self", null=True, on_delete=models.SET_NULL, related_name="successor"
    )
    hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
