"""Where a profile picture is found."""

from django.conf import settings

from accounts.models import User


def avatar_url(user: User) -> str | None:
    """Return the public URL of the picture, or None.

    The file name is random and never reused, so the URL may be cached for ever.
    """
    return f"{settings.MEDIA_URL_BASE}/media/{user.avatar_key}" if user.avatar_key else None
