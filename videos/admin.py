"""Videos, uploads and jobs for moderators and operators; changes go through services."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.errors import DomainError
from videos import playback, services
from videos.models import ProcessingJob, Upload, Video

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

DEFAULT_REASON = "Removed by a moderator."


class ReadOnlyAdmin(ModelAdmin):
    """Looked at, never edited by hand: state machines own these rows."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: deleting a row would leave its bytes behind."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return every field."""
        return [field.name for field in self.model._meta.fields]


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
