"""Settings, URLs and entry points; imports anything, imported by nobody."""

from tiktok.celery import app as celery_app

__all__ = ["celery_app"]
