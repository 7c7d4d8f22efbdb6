"""A theme that a moderator removes: gone for everybody at once, then taken off room by room."""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chat import policies
from chat.models import Conversation, Theme
from chat.services import rooms, themes
from core import jobs
from core.errors import Forbidden, NotFound
from core.ids import parse_uuid
from social.graph.policies import Viewer, require_active

AT_ONCE = 100


def remove_theme(*, actor: Viewer, theme_id: object) -> None:
    """Take a theme from the gallery, its owner and every room; for moderators.

    From the commit on nobody is shown it; a job tells the rooms and deletes it. Themes that others
    built on it are their own: each is reported by itself. Raises Forbidden, NotFound.
    """
    user = require_active(actor)
    if not policies.moderates_themes(user):
        raise Forbidden("not_moderator", "Only moderators may do this.")
    key = parse_uuid(theme_id)
    if key is None:
        raise NotFound
    with transaction.atomic():
        kept = Theme.objects.filter(pk=key, removed_at__isnull=True)
        if not kept.update(removed_at=timezone.now(), published_at=None):
            raise NotFound
        jobs.enqueue("chat.take_theme_off", str(key))


def take_off(theme_id: UUID, *, limit: int = AT_ONCE) -> bool:
    """Take a removed theme off so many rooms, and delete it after the last; return whether it is.

    Safe to run again, and beside itself.
    """
    if not Theme.objects.filter(pk=theme_id, removed_at__isnull=False).exists():
        return True
    worn = Conversation.objects.filter(theme_id=theme_id).order_by("pk")
    for conversation_id in list(worn.values_list("pk", flat=True)[:limit]):
        _undress(conversation_id, theme_id)
    with transaction.atomic():
        held = Theme.objects.select_for_update().filter(pk=theme_id).first()
        if held is None:
            return True
        if worn.exists():
            return False
        themes.purge(held)
    return True


def removed_ids(*, limit: int = AT_ONCE) -> list[UUID]:
    """Return themes that were removed and are still here: their job got lost or goes on."""
    removed = Theme.objects.filter(removed_at__isnull=False).order_by("removed_at")
    return list(removed.values_list("pk", flat=True)[:limit])


def _undress(conversation_id: UUID, theme_id: UUID) -> None:
    with rooms.locked(conversation_id) as conversation:
        if conversation.theme_id != theme_id:
            return
        conversation.theme = None
        conversation.save(update_fields=["theme"])
        Theme.objects.filter(pk=theme_id).update(uses=F("uses") - 1)
        rooms.record(conversation, "conv.update", {"theme": None})
