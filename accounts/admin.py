"""People in the admin: found, looked at, shut and opened again; never signed in as."""

from collections.abc import Callable
from functools import partial

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import services
from accounts.avatars import avatar_url
from accounts.models import Session, User
from core.errors import DomainError

# Staff come in by the same door as everybody, with its limits and confirmation.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Tóp Tóp"
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


REASON = "admin"


class SuspendedFilter(admin.SimpleListFilter):
    """Suspended or not."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("good", "good"), ("suspended", "suspended"), ("inactive", "deactivated")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Return the people of the choice."""
        if self.value() == "suspended":
            return queryset.exclude(suspended_at=None)
        if self.value() == "inactive":
            return queryset.filter(is_active=False)
        if self.value() == "good":
            return queryset.filter(suspended_at=None, is_active=True)
        return queryset


class SessionInline(admin.TabularInline):  # type: ignore[type-arg]
    """The devices, to look at."""

    model = Session
    fields = readonly_fields = (
        "kind",
        "user_agent",
        "ip",
        "created_at",
        "last_seen_at",
        "expires_at",
        "revoked_at",
        "revoked_reason",
    )
    ordering = ("-last_seen_at",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Sessions are opened by signing in."""
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Search, filters, suspend and unsuspend through services."""

    list_display = ("picture", "username", "name", "email", "created_at", "is_private", "standing")
    list_display_links = ("username",)
    list_filter = (SuspendedFilter, "is_staff", "is_verified", "is_private", "created_at")
    search_fields = ("username", "name", "email", "=id")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    actions = ("suspend", "unsuspend", "sign_out_everywhere")
    fields = (
        "id",
        "username",
        "email",
        "name",
        "bio",
        "links",
        "birth_date",
        "is_private",
        "is_verified",
        "is_staff",
        "is_superuser",
        "is_active",
        "deactivated_at",
        "suspended_at",
        "suspended_reason",
        "created_at",
        "last_login",
    )
    readonly_fields = tuple(
        name
        for name in fields
        if name not in ("birth_date", "is_verified", "is_staff", "is_superuser")
    )
    inlines = (SessionInline,)

    @admin.display(description="")
    def picture(self, user: User) -> SafeString | str:
        """Return the profile picture."""
        url = avatar_url(user)
        return format_html('<img src="{}" width="32" height="32" alt="">', url) if url else ""

    @admin.display(ordering="suspended_at")
    def standing(self, user: User) -> str:
        """Return the standing in one word."""
        if user.is_suspended:
            return "suspended"
        return "good" if user.is_active else "deactivated"

    @admin.action(description="Suspend", permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Shut the chosen accounts."""
        self._each(request, queryset, partial(services.suspend_user, reason=REASON))

    @admin.action(description="Lift the suspension", permissions=["change"])
    def unsuspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Open the chosen accounts again."""
        self._each(request, queryset, partial(services.unsuspend_user, reason=REASON))

    @admin.action(description="Sign out of every device", permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End every session of the chosen people."""
        self._each(request, queryset, services.sign_out_user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up; `createsuperuser` makes the first of the staff."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account is left by its owner or suspended; its files must go with it."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Return what a service guards or derives; marks and roles are a superuser's to give."""
        return self.fields if not request.user.is_superuser else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: User, form: object, change: bool) -> None:
        """Give the account its marks and roles."""
        assert isinstance(request.user, User)
        if "birth_date" in getattr(form, "changed_data", ()) and obj.birth_date:
            services.correct_birth_date(
                actor=request.user, user_id=obj.pk, birth_date=obj.birth_date
            )
        services.set_roles(
            actor=request.user,
            user_id=obj.pk,
            is_verified=obj.is_verified,
            is_staff=obj.is_staff,
            is_superuser=obj.is_superuser,
        )

    def _each(
        self, request: HttpRequest, queryset: QuerySet[User], verb: Callable[..., object]
    ) -> None:
        assert isinstance(request.user, User)
        done = 0
        for user in queryset:
            try:
                verb(actor=request.user, user_id=user.pk)
                done += 1
            except DomainError as error:
                self.message_user(request, f"{user}: {error.message}", messages.ERROR)
        self.message_user(request, f"{done} accounts changed.")
