"""What this folder's tests share, and which of them need Redis."""

from django.conf import settings

# Pages from memory exist in the scaled mode alone: `make test-scaled` runs these.
collect_ignore = (
    [] if settings.REDIS_URL else ["test_warm.py", "test_outage.py", "test_timelines.py"]
)
