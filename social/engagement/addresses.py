"""Addresses that engagement hands out."""

from django.conf import settings
from django.urls import reverse


def share_url(code: str) -> str:
    """Return the absolute short address of a share link."""
    return f"{settings.PUBLIC_URL}{reverse('engagement:share_link', args=[code])}"
