"""Mute: somebody's posts no longer come by themselves. Dismiss: nor are they suggested."""

from uuid import UUID

from django.db import transaction

from core import events
from social.graph.events import MuteChanged
from social.graph.models import Dismissal, Mute
from social.graph.policies import Viewer
from social.graph.services import pairs


def mute(*, actor: Viewer, username: str | None = None, user_id: UUID | None = None) -> None:
    """Keep a person out of the actor's feeds, suggestions and notices."""
    actor = pairs.authorise(actor, budget="relation")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id):
        Mute.objects.get_or_create(muter_id=actor.pk, muted_id=person_id)
        events.publish(MuteChanged(muter_id=actor.pk, muted_id=person_id))


def unmute(*, actor: Viewer, username: str | None = None, user_id: UUID | None = None) -> None:
    """Let a person's posts come again."""
    actor = pairs.authorise(actor, budget="relation")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with transaction.atomic():
        Mute.objects.filter(muter_id=actor.pk, muted_id=person_id).delete()
        events.publish(MuteChanged(muter_id=actor.pk, muted_id=person_id))


def dismiss_suggestion(
    *, actor: Viewer, username: str | None = None, user_id: UUID | None = None
) -> None:
    """Keep a person out of the actor's suggestions from now on; nothing else changes."""
    actor = pairs.authorise(actor, budget="relation")
    person_id = pairs.find_other(actor, username=username, user_id=user_id)
    with pairs.locked(actor.pk, person_id):
        Dismissal.objects.get_or_create(viewer_id=actor.pk, person_id=person_id)
