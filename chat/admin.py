"""Themes in the admin: looked at, and removed through the service."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from chat import policies, selectors, services
from chat.events import ThemeInspected
from chat.models import Theme
from core import events
from core.admin import ReadOnlyAdmin
from core.errors import DomainError
from core.ids import parse_uuid


@admin.register(Theme)
class ThemeAdmin(ReadOnlyAdmin):
    """What is in the gallery, and what somebody reported."""

    list_display = ("look", "name", "owner", "uses", "published_at", "removed_at", "pictures")
    list_select_related = ("owner",)
    list_filter = ("background", "published_at")
    search_fields = ("name", "owner__username", "=id")
    ordering = ("-id",)
    actions = ("remove_themes",)
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Theme]":
        """Return what this moderator may look at."""
        assert isinstance(request.user, User)
        return selectors.whole(selectors.reviewable_themes(request.user))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return every field, and what it looks like."""
        return ["look", "pictures", *super().get_readonly_fields(request, obj)]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **given: Any) -> Any:
        """Show one; a look at what is not public is kept."""
        assert isinstance(request.user, User)
        answer = super().change_view(request, object_id, *args, **given)
        key = parse_uuid(object_id)
        if answer.status_code == 200 and key and not self._is_public(key):
            events.publish(ThemeInspected(theme_id=key, moderator_id=request.user.pk))
        return answer

    def _is_public(self, theme_id: UUID) -> bool:
        return Theme.objects.filter(pk=theme_id, published_at__isnull=False).exists()

    @admin.display(description="Colours")
    def look(self, theme: Theme) -> SafeString:
        """Show the words of the theme in its own colours."""
        shape = '<svg width="96" height="48" role="img"><rect width="96" height="48" fill="{}"/>'
        bubble = (
            '<rect x="{}" y="{}" width="52" height="16" rx="8" fill="{}"/>'
            '<text x="{}" y="{}" font-size="10" fill="{}">Aa</text>'
        )
        return format_html(
            shape + bubble + bubble + "</svg>",
            *(theme.bg_color, 6, 6, theme.other_color, 14, 18, theme.other_text),
            *(38, 26, theme.own_color, 46, 38, theme.own_text),
        )

    @admin.display(description="Pictures")
    def pictures(self, theme: Theme) -> SafeString:
        """Show the layers, the hindmost first."""
        shown = (
            (reverse("chat:theme_layer", args=[theme.pk, layer.position]),)
            for layer in sorted(theme.layers.all(), key=lambda one: one.position)
        )
        return format_html_join(" ", '<img src="{}" alt="" height="96" loading="lazy">', shown)

    @admin.action(description="Remove selected themes", permissions=["moderate"])
    def remove_themes(self, request: HttpRequest, queryset: "QuerySet[Theme]") -> None:
        """Take each from the gallery and from every room."""
        removed = 0
        for theme_id in queryset.filter(removed_at__isnull=True).values_list("pk", flat=True):
            try:
                services.remove_theme(actor=request.user, theme_id=theme_id)
            except DomainError as error:
                self.message_user(request, error.message, messages.ERROR)
            else:
                removed += 1
        self.message_user(request, f"{removed} removed.", messages.SUCCESS)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Return whether the action is offered; the service decides again."""
        return policies.moderates_themes(request.user)
