"""Comments in the admin: found, read, and deleted through the service."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from accounts.models import User
from core.errors import DomainError
from social.engagement import services
from social.engagement.models import Comment, CommentRevision
from videos import reviewing


class StateFilter(admin.SimpleListFilter):
    """Live or deleted."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("live", "Live"), ("deleted", "Deleted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        """Return the comments of the choice."""
        if self.value() is None:
            return queryset
        return queryset.filter(deleted_at__isnull=self.value() == "live")


class RevisionInline(admin.TabularInline):  # type: ignore[type-arg]
    """What a comment said before it was edited, to be read."""

    model = CommentRevision
    fields = readonly_fields = ("text", "replaced_at")
    ordering = ("-id",)
    extra = 0
    can_delete = False
    verbose_name_plural = "said before"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody writes history."""
        return False


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Comments and replies, newest first."""

    list_display = ("text", "author", "video", "is_reply", "created_at", "deleted_at")
    list_select_related = ("author", "video")
    list_filter = (StateFilter, "created_at")
    search_fields = ("text", "author__username", "=video__id")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    actions = ("delete_comments",)
    inlines = (RevisionInline,)
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Return what this moderator may read: below videos that they may see, and reported."""
        assert isinstance(request.user, User)
        videos = reviewing.reviewable_by(request.user).values("pk")
        shown = Q(video__in=videos) | reviewing.is_waiting("comment")
        return super().get_queryset(request).filter(shown)

    @admin.display(boolean=True, description="Reply")
    def is_reply(self, comment: Comment) -> bool:
        """Return whether it answers another comment."""
        return comment.parent_id is not None

    @admin.action(description="Delete selected comments", permissions=["moderate"])
    def delete_comments(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """Delete each through the service, which counts and tells."""
        deleted = 0
        for comment_id in queryset.filter(deleted_at__isnull=True).values_list("pk", flat=True):
            try:
                services.delete_comment(actor=request.user, comment_id=comment_id)
            except DomainError as error:
                self.message_user(request, error.message, messages.ERROR)
            else:
                deleted += 1
        self.message_user(request, f"{deleted} deleted.", messages.SUCCESS)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Return whether the action is offered; the service decides again."""
        return request.user.has_perm("engagement.delete_comment")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes in another's name."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody rewrites another's words."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows are not removed: the action empties them and keeps the count."""
        return False
