"""WSGI entry point: pages, API and media (`granian --interface wsgi tiktok.wsgi:application`)."""

import os

from django.core.wsgi import get_wsgi_application

from core.http.bodies import require_whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")

application = require_whole_bodies(get_wsgi_application())
