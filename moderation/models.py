"""Reports, and what moderators looked at because of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import uuid7


class TargetType(models.TextChoices):
    """What can be reported."""

    VIDEO = "video", "Video"
    COMMENT = "comment", "Comment"
    USER = "user", "Person"
    THEME = "theme", "Theme"


class Report(models.Model):
    """Somebody says that something is against the rules; open until a moderator closes it."""

    class Reason(models.TextChoices):
        """Why."""

        SPAM = "spam", "Spam or a fraud"
        HARASSMENT = "harassment", "Bullying or harassment"
        HATE = "hate", "Hate against a group"
        VIOLENCE = "violence", "Violence or a threat"
        SEXUAL = "sexual", "Nudity or sexual content"
        MINOR_SAFETY = "minor_safety", "It endangers a child"
        SELF_HARM = "self_harm", "Self-harm"
        ILLEGAL = "illegal", "Something illegal"
        COPYRIGHT = "copyright", "It uses my work"
        OTHER = "other", "Something else"

    class Outcome(models.TextChoices):
        """What came of it."""

        OPEN = "", "Open"
        DISMISSED = "dismissed", "Nothing against the rules"
        ACTED = "acted", "Acted upon"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reports"
    )
    target_type = models.CharField(max_length=10, choices=TargetType)
    target_id = models.UUIDField()
    reason = models.CharField(max_length=20, choices=Reason)
    detail = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "target_type", "target_id"],
                condition=Q(outcome=""),
                name="report_open_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True)
                | ~Q(outcome="") & Q(closed_at__isnull=False),
                name="report_closed_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["target_type", "target_id"], condition=Q(outcome=""), name="report_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.target_type} {self.target_id}"


class Inspection(models.Model):
    """A moderator looked at something that is not public; never changed or deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    target_type = models.CharField(max_length=10, choices=TargetType)
    target_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["target_type", "target_id"], name="inspection_target")]

    def __str__(self) -> str:
        return f"{self.moderator_id} at {self.target_type} {self.target_id}"
