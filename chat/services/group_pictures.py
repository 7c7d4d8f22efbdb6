"""The picture of a group: written anew, and put on by those who run it."""

from typing import IO

from django.core.files.base import ContentFile

from chat import policies, selectors
from chat.models import Conversation, Member
from chat.policies import Role
from chat.presentation import group_picture_url
from chat.services import pictures, rooms
from core import files
from core.errors import DomainError
from social.graph.policies import Viewer

MAX_BYTES = 5 * 1024**2
EDGE = 512


def set_group_picture(*, actor: Viewer, conversation_id: object, source: IO[bytes]) -> Member:
    """Give a group a picture, cut square, 512 px at most; the one before goes.

    Raises NotFound, Forbidden (`not_a_group`, `role_too_low`), Invalid of `file`, TooLarge,
    RateLimited. Not inside a transaction.
    """
    user = rooms.authorise(actor, budget="attachment")
    # Asked before a stranger's picture is decoded, and again where the group is held.
    _require_runs(selectors.membership(user=user, conversation_id=conversation_id))
    data = pictures.written_anew(
        source, field="file", max_bytes=MAX_BYTES, max_edge=EDGE, square=True
    )
    pictures.require_quota(user, len(data))
    key = pictures.store(user, ContentFile(data), folder="groups", purpose="group")
    try:
        with rooms.locked_as(user, conversation_id) as (conversation, member):
            _require_runs(member)
            files.reference([key])
            _put_on(conversation, key)
            rooms.say(conversation, actor=user, what="picture")
    except DomainError:
        files.condemn([key])
        raise
    return selectors.membership(user=user, conversation_id=conversation_id)


def remove_group_picture(*, actor: Viewer, conversation_id: object) -> Member:
    """Take a group's picture off; nothing happens where there is none."""
    user = rooms.authorise(actor)
    with rooms.locked_as(user, conversation_id) as (conversation, member):
        _require_runs(member)
        if conversation.picture_key:
            _put_on(conversation, "")
    return selectors.membership(user=user, conversation_id=conversation_id)


def _put_on(conversation: Conversation, key: str) -> None:
    if conversation.picture_key:
        files.condemn([conversation.picture_key])
    conversation.picture_key = key
    conversation.save(update_fields=["picture_key"])
    rooms.record(conversation, "conv.update", {"avatar": group_picture_url(conversation)})


def _require_runs(member: Member) -> None:
    policies.require_group(member.conversation)
    policies.require_role(policies.require_active(member), Role.ADMIN)
