"""ASGI entry point of the socket process (`uvicorn tiktok.asgi:application`)."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")

application = get_asgi_application()
