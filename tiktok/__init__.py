"""Settings, URLs and entry points; imports anything, imported by nobody."""

import os

# Read when numpy is first imported. Ranking multiplies small arrays: threads of its own cost it
# twice the CPU and win nothing, and every web process would start them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tiktok.celery import app as celery_app

__all__ = ["celery_app"]
