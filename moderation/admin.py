"""The queue of reports, with what was reported, and one click for each decision."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import services as accounts
from chat import services as chat
from core.admin import ReadOnlyAdmin
from core.errors import DomainError
from moderation import services
from moderation.models import Inspection, Report, TargetType
from social.engagement import services as engagement
from videos import services as videos

PLACES = {
    TargetType.VIDEO: "admin:videos_video_change",
    TargetType.COMMENT: "admin:engagement_comment_change",
    TargetType.USER: "admin:accounts_user_change",
    TargetType.THEME: "admin:chat_theme_change",
}


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Open ones first."""

    list_display = ("reason", "target_type", "target", "detail", "reporter", "created_at", "state")
    list_filter = ("outcome", "reason", "target_type")
    search_fields = ("=target_id", "reporter__username", "detail")
    list_select_related = ("reporter",)
    ordering = ("outcome", "-id")
    list_per_page = 50
    show_full_result_count = False
    actions = ("dismiss", "remove", "suspend")

    @admin.display(description="What")
    def target(self, report: Report) -> SafeString:
        """Link what was reported."""
        place = reverse(PLACES[TargetType(report.target_type)], args=[report.target_id])
        return format_html('<a href="{}">{}</a>', place, report.target_id)

    @admin.display(description="State", ordering="outcome")
    def state(self, report: Report) -> str:
        """Return the outcome in words."""
        return report.get_outcome_display()

    @admin.action(description="Dismiss: nothing against the rules", permissions=["change"])
    def dismiss(self, request: HttpRequest, queryset: "QuerySet[Report]") -> None:
        """Close the chosen reports."""
        self._each(request, queryset, lambda report: None, outcome=Report.Outcome.DISMISSED)

    @admin.action(description="Remove the video, comment or theme", permissions=["change"])
    def remove(self, request: HttpRequest, queryset: "QuerySet[Report]") -> None:
        """Take down what the chosen reports are about."""

        def act(report: Report) -> None:
            if report.target_type == TargetType.VIDEO:
                videos.remove_video(
                    actor=request.user,
                    video_id=report.target_id,
                    reason=f"Removed by a moderator: {report.get_reason_display()}.",
                )
            elif report.target_type == TargetType.COMMENT:
                engagement.delete_comment(actor=request.user, comment_id=report.target_id)
            elif report.target_type == TargetType.THEME:
                chat.remove_theme(actor=request.user, theme_id=report.target_id)

        about = queryset.exclude(target_type=TargetType.USER)
        self._each(request, about, act, outcome=Report.Outcome.ACTED)

    @admin.action(description="Suspend the reported person", permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: "QuerySet[Report]") -> None:
        """Shut the accounts that the chosen reports are about."""

        def act(report: Report) -> None:
            accounts.suspend_user(
                actor=request.user,  # type: ignore[arg-type]
                user_id=report.target_id,
                reason=report.get_reason_display(),
            )

        about = queryset.filter(target_type=TargetType.USER)
        self._each(request, about, act, outcome=Report.Outcome.ACTED)

    def _each(
        self,
        request: HttpRequest,
        queryset: "QuerySet[Report]",
        act: Callable[[Report], None],
        *,
        outcome: str,
    ) -> None:
        done = 0
        for report in queryset.filter(outcome=""):
            try:
                act(report)
                done += services.close_report(
                    actor=request.user, report_id=report.pk, outcome=outcome
                )
            except DomainError as error:
                self.message_user(request, f"{report}: {error.message}", messages.ERROR)
        self.message_user(request, f"{done} reports closed.", messages.SUCCESS)


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    """Who looked at what is not public."""

    list_display = ("created_at", "moderator", "target_type", "target_id")
    search_fields = ("=target_id", "moderator__username")
    list_select_related = ("moderator",)
    ordering = ("-id",)
    show_full_result_count = False
