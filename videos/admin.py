"""Videos, uploads and jobs for moderators and operators; changes go through services."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from core import events
from core.admin import ReadOnlyAdmin
from core.errors import DomainError
from core.ids import parse_uuid
from videos import playback, policies, reviewing, services
from videos.events import VideoInspected
from videos.models import ProcessingJob, Upload, Video

DEFAULT_REASON = "Removed by a moderator."


@admin.register(Video)
class VideoAdmin(ReadOnlyAdmin):
    """Search, filters, covers; remove and restore."""

    list_display = (
        "cover",
        "author",
        "short_caption",
        "audience",
        "processing_state",
        "moderation_state",
        "published_at",
        "deleted_at",
    )
    list_display_links = ("cover", "short_caption")
    list_filter = ("processing_state", "moderation_state", "audience", "kind", "mature", "draft")
    search_fields = ("=id", "caption", "author__username", "author__email")
    date_hierarchy = "created_at"
    list_select_related = ("author",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("remove", "restore")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Video]":
        """Return what this moderator may look at."""
        assert isinstance(request.user, User)
        rows: QuerySet[Video] = super().get_queryset(request)
        rows = rows.prefetch_related(playback.ORIGINAL)
        return rows.filter(pk__in=reviewing.reviewable_by(request.user).values("pk"))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **given: Any) -> Any:
        """Show one; a look at what is not public is kept."""
        assert isinstance(request.user, User)
        answer = super().change_view(request, object_id, *args, **given)
        key = parse_uuid(object_id)
        if answer.status_code == 200 and key and not self._is_public(key):
            events.publish(VideoInspected(video_id=key, moderator_id=request.user.pk))
        return answer

    def _is_public(self, video_id: UUID) -> bool:
        return policies.visible_to(None).filter(pk=video_id).exists()

    @admin.display(description="Cover")
    def cover(self, video: Video) -> SafeString | str:
        """Show the still picture."""
        url = playback.cover_url(video)
        if not url or video.deleted_at:
            return "–"
        return format_html('<img src="{}" alt="" height="96" loading="lazy">', url)

    @admin.display(description="Caption")
    def short_caption(self, video: Video) -> str:
        """Show the start of the caption."""
        return video.caption[:60] or "(none)"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return every field, after the cover."""
        return ["cover", *super().get_readonly_fields(request, obj)]

    @admin.action(description="Remove: hide from everybody but the author", permissions=["change"])
    def remove(self, request: HttpRequest, queryset: "QuerySet[Video]") -> None:
        """Hide the chosen videos."""
        self._each(request, queryset, services.remove_video, reason=DEFAULT_REASON)

    @admin.action(description="Restore removed videos", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: "QuerySet[Video]") -> None:
        """Put the chosen videos back."""
        self._each(request, queryset, services.restore_video)

    def _each(
        self, request: HttpRequest, queryset: "QuerySet[Video]", verb: Any, **given: Any
    ) -> None:
        done = 0
        for video_id in queryset.values_list("pk", flat=True):
            try:
                verb(actor=request.user, video_id=video_id, **given)
                done += 1
            except DomainError as error:
                self.message_user(request, f"{video_id}: {error.message}", messages.ERROR)
        self.message_user(request, f"{done} done.", messages.SUCCESS)


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """What is on its way in."""

    list_display = ("id", "owner", "state", "offset", "length", "file_name", "created_at")
    list_filter = ("state",)
    search_fields = ("=id", "owner__username", "file_name")
    list_select_related = ("owner",)
    show_full_result_count = False


@admin.register(ProcessingJob)
class ProcessingJobAdmin(ReadOnlyAdmin):
    """What workers do, and what they gave up on."""

    list_display = ("video", "stage", "state", "attempt", "tries", "lease_expires_at", "queued_at")
    list_filter = ("state", "stage")
    search_fields = ("=video__id",)
    list_select_related = ("video",)
    show_full_result_count = False
