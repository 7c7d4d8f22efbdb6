"""The service worker, under a name that never changes: a browser asks for it again and again."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """Return the script that shows pushes; the same for everybody."""
    answer = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@cache
def _script() -> bytes:
    found = finders.find("js/push-worker.js")
    assert isinstance(found, str)
    return Path(found).read_bytes()
