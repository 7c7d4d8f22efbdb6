"""How a room looks: colours, a picture, or layers of pictures that move with what is said."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import uuid7


class Theme(models.Model):
    """A look of its owner; once made it does not change, so that no room changes by itself.

    One that its owner deleted while rooms use it has no owner any more and goes with the last room.
    One that a moderator removed is nobody's to see; it goes as soon as no room wears it.
    """

    class Background(models.TextChoices):
        """What lies behind the messages."""

        COLOR = "color"
        IMAGE = "image"
        PARALLAX = "parallax"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=40)
    background = models.CharField(max_length=8, choices=Background.choices)
    bg_color = models.CharField(max_length=7, help_text="#rrggbb, as the others.")
    own_color = models.CharField(max_length=7, help_text="Of one's own bubbles.")
    own_text = models.CharField(max_length=7)
    other_color = models.CharField(max_length=7, help_text="Of the others' bubbles.")
    other_text = models.CharField(max_length=7)
    uses = models.PositiveIntegerField(default=0, help_text="Rooms that look like this now.")
    published_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="By a moderator.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses__gte=0), name="theme_uses_positive"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(published_at__isnull=True),
                name="theme_removed_is_not_published",
            ),
            models.CheckConstraint(
                condition=Q(
                    bg_color__startswith="#",
                    own_color__startswith="#",
                    own_text__startswith="#",
                    other_color__startswith="#",
                    other_text__startswith="#",
                ),
                name="theme_colors",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-uses", "-id"],
                condition=Q(published_at__isnull=False),
                name="theme_gallery_popular",
            ),
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(published_at__isnull=False),
                name="theme_gallery_new",
            ),
            models.Index(
                fields=["removed_at"], condition=Q(removed_at__isnull=False), name="theme_removed"
            ),
        ]

    def __str__(self) -> str:
        return f"theme {self.name!r} {self.pk}"


class ThemeLayer(models.Model):
    """A picture of a theme; 0 is the hindmost, and what is transparent shows what is behind."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="layers")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(
        max_length=255, db_index=True, help_text="Shared by themes that build on another."
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    speed = models.FloatField(help_text="0 stands still, 1 moves as the messages do.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["theme", "position"], name="themelayer_place"),
            models.CheckConstraint(condition=Q(position__lt=5), name="themelayer_five"),
            models.CheckConstraint(
                condition=Q(speed__gte=0, speed__lte=1), name="themelayer_speed_range"
            ),
        ]

    def __str__(self) -> str:
        return f"layer {self.position} of {self.theme_id}"
