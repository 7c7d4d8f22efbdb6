"""The bytes of attachments: for those who may read the message at this moment."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from chat import selectors
from core.http.files import serve_file
from social.graph.policies import require_active

SHORT = "private, max-age=60"


@login_required
@require_safe
def attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """Answer a file; pictures and sounds are shown, anything else is saved."""
    user = require_active(request.user)
    found = selectors.get_attachment(user=user, attachment_id=attachment_id)
    shown = found.kind in (found.Kind.IMAGE, found.Kind.AUDIO)
    return serve_file(
        request,
        key=found.key,
        content_type=found.content_type,
        cache_control=SHORT,
        download_name=None if shown else found.name or "file",
    )
