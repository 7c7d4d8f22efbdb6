"""The feed as it is usually written with DRF: a ModelSerializer over `select_related` rows.

Kept beside the product for comparison alone, on the floor's server and the product's tables: newest
first, who may see it by the simplest filter, marks by `Exists`, a cursor. No ranking and no rule.
"""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.serializers import BooleanField, IntegerField, ModelSerializer
from rest_framework.throttling import BaseThrottle

from accounts.models import User
from social.engagement.models import Like, Repost, Save
from social.graph.models import Follow
from videos.models import Rendition, Video


class AuthorSerializer(ModelSerializer[User]):
    """A person beside a video."""

    class Meta:
        model = User
        fields: ClassVar = ["id", "username", "name", "avatar_key", "is_verified"]


class RenditionSerializer(ModelSerializer[Rendition]):
    """A playable file."""

    class Meta:
        model = Rendition
        fields: ClassVar = ["key", "width", "height", "bitrate"]


class PlainSerializer(ModelSerializer[Video]):
    """A video with its author, files, counters and the viewer's marks."""

    author = AuthorSerializer()
    renditions = RenditionSerializer(many=True)
    likes = IntegerField(source="stats.likes")
    views = IntegerField(source="stats.views")
    liked = BooleanField()
    saved = BooleanField()
    reposted = BooleanField()
    follows = BooleanField()

    class Meta:
        model = Video
        fields: ClassVar = [
            "id", "author", "caption", "created_at", "published_at", "audience", "allow_comments",
            "allow_duet", "allow_download", "mature", "processing_state", "duration_ms", "width",
            "height", "cover_key", "preview_key", "blurhash", "renditions", "likes", "views",
            "liked", "saved", "reposted", "follows",
        ]  # fmt: skip


class ByDate(CursorPagination):
    """Ten a page, newest first."""

    page_size = 10
    ordering = ("-published_at", "-id")


class PlainFeed(ListAPIView[Video]):
    """Everything public, or that of followed people."""

    serializer_class = PlainSerializer
    pagination_class = ByDate
    throttle_classes: tuple[type[BaseThrottle], ...] = ()
    following: ClassVar[bool] = False

    def get_queryset(self) -> QuerySet[Video]:
        """Return the rows with author, counters and marks."""
        user = self.request.user
        mine: dict[str, Any] = {"user_id": user.pk, "video_id": OuterRef("pk")}
        follows = Follow.objects.filter(follower_id=user.pk)
        visible = Video.Moderation.VISIBLE
        rows = Video.objects.filter(deleted_at=None, draft=False, audience="everyone")
        rows = rows.filter(moderation_state=visible)
        if self.following:
            rows = rows.filter(author_id__in=follows.values("followed_id"))
        marks = {"liked": Like, "saved": Save, "reposted": Repost}
        return (
            rows.filter(published_at__isnull=False)
            .select_related("author", "stats")
            .prefetch_related("renditions")
            .annotate(
                follows=Exists(follows.filter(followed_id=OuterRef("author_id"))),
                **{
                    name: Exists(model._default_manager.filter(**mine))
                    for name, model in marks.items()
                },
            )
        )


class PlainFollowing(PlainFeed):
    """Followed people's videos."""

    following = True
