"""What people do with videos: marks, one of each kind per person and video."""

from django.conf import settings
from django.db import models

from core.ids import uuid7


class Like(models.Model):
    """`user` likes `video`, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="likes"
    )
    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="likes")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "video"], name="like_pair_unique")]
        indexes = [
            models.Index(fields=["user", "-id"], name="like_user"),
            models.Index(fields=["video", "-id"], name="like_video"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.video_id}"


class Save(models.Model):
    """`user` keeps `video` for later, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saves"
    )
    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="saves")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "video"], name="save_pair_unique")]
        indexes = [models.Index(fields=["user", "-id"], name="save_user")]

    def __str__(self) -> str:
        return f"{self.user_id} saves {self.video_id}"


class Repost(models.Model):
    """`user` shows `video` on their own profile, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reposts"
    )
    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="reposts")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "video"], name="repost_pair_unique")]
        indexes = [models.Index(fields=["user", "-id"], name="repost_user")]

    def __str__(self) -> str:
        return f"{self.user_id} reposts {self.video_id}"


class ShareLink(models.Model):
    """The short address under which `user` passes `video` on; made once, and counted once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=16, unique=True, help_text="Unguessable; `/s/<code>`.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="share_links"
    )
    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="share_links")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "video"], name="sharelink_pair_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} shares {self.video_id}"


class ShareOpening(models.Model):
    """Somebody came by a share link, once each; its maker is not counted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="openings")
    viewer_key = models.CharField(max_length=64, help_text="`u:` and a user, or `a:` and a visit.")
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="share_openings",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "viewer_key"], name="shareopening_once")
        ]

    def __str__(self) -> str:
        return f"{self.viewer_key} opened {self.link_id}"
