"""Pairs of people, to be read: changing them is the people's own business."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from social.graph.models import Block, Follow, Friendship


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows and searches; adds, changes and deletes nothing."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False


@admin.register(Follow)
class FollowAdmin(ReadOnlyAdmin):
    """Who follows whom."""

    list_display = ("follower", "followed", "bell", "created_at")
    list_select_related = ("follower", "followed")
    search_fields = ("follower__username", "followed__username")
    date_hierarchy = "created_at"


@admin.register(Friendship)
class FriendshipAdmin(ReadOnlyAdmin):
    """Who is friends with whom."""

    list_display = ("lo", "hi", "created_at")
    list_select_related = ("lo", "hi")
    search_fields = ("lo__username", "hi__username")


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    """Who blocked whom."""

    list_display = ("blocker", "blocked", "created_at")
    list_select_related = ("blocker", "blocked")
    search_fields = ("blocker__username", "blocked__username")
