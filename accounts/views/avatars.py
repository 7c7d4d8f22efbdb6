"""The bytes of profile pictures: public, and never the same name twice."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.models import User
from core.http.files import not_found, serve_file

FOREVER = "public, max-age=31536000, immutable"


@require_safe
def avatar(request: HttpRequest, user_id: UUID, name: str) -> HttpResponseBase:
    """Answer the present picture of an account in good standing; 404 for a former one."""
    key = f"avatars/{user_id}/{name}.webp"
    shown = User.objects.filter(pk=user_id, avatar_key=key, is_active=True, suspended_at=None)
    if not shown.exists():
        return not_found()
    return serve_file(
        request, key=key, content_type="image/webp", cache_control=FOREVER, public=True
    )
