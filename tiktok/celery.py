"""The Celery application: workers and beat start from here (`celery -A tiktok worker`)."""

import os

from celery import Celery

from core import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")

broker.register()
app = Celery("tiktok")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
