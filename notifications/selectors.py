"""What a person may be told now: asked at the moment of sending, by the rules of reading."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from chat import selectors as rooms
from chat.models import Call, CallParty, Member, Message
from notifications.models import PushDevice, PushJob
from social.graph import policies as people
from social.graph import selectors as graph

# What no person said: calls are told by jobs of their own.
NOT_SAID = (Message.Kind.SYSTEM, Message.Kind.CALL)


def live_devices(user_ids: Collection[UUID]) -> "QuerySet[PushDevice]":
    """Return the devices of these people whose sign-in and account stand."""
    now = timezone.now()
    signed_in = Q(session__isnull=True) | Q(
        session__revoked_at__isnull=True,
        session__expires_at__gt=now,
        session__auth_version=F("user__auth_version"),
    )
    return PushDevice.objects.filter(
        signed_in, user_id__in=user_ids, user__is_active=True, user__suspended_at__isnull=True
    )


def own_devices(user: User) -> "QuerySet[PushDevice]":
    """Return the person's own devices, the latest heard of first."""
    rows = live_devices([user.pk]).select_related("session")
    return rows.order_by("-registered_at", "-id")


def membership(user: User, conversation_id: UUID) -> Member | None:
    """Return how somebody is in a conversation now, in any state."""
    rows = Member.objects.select_related("conversation")
    return rows.filter(conversation_id=conversation_id, user_id=user.pk).first()


def unseen_messages(user: User, member: Member, job: PushJob) -> "QuerySet[Message]":
    """Return the messages of a job that the person may see and has not, the latest first.

    Not one's own, not deleted, of nobody whom a block, a mute or a suspension hides; above what
    they have read and what a device in their hands has acknowledged.
    """
    seen = max(member.last_read_seq, member.last_shown_seq, job.after_seq)
    rows = rooms.visible_messages(member).filter(
        people.visible_person(user, "sender"),
        seq__gt=seen,
        seq__lte=job.upto_seq or 0,
        deleted_at__isnull=True,
    )
    rows = rows.exclude(sender_id=user.pk).exclude(sender_id__in=graph.muted_ids(user.pk))
    return rows.exclude(kind__in=NOT_SAID).select_related("sender").order_by("-seq")


def telling_person(user: User, person_id: UUID | None) -> User | None:
    """Return who asks or calls, None for somebody whom the reader does not want to hear of."""
    if person_id is None:
        return None
    rows = people.people_visible_to(user).exclude(pk__in=graph.muted_ids(user.pk))
    return rows.filter(pk=person_id).first()


def rings_for(user: User, call_id: UUID | None) -> bool:
    """Return whether a call rings for the person at this moment."""
    if call_id is None:
        return False
    rows = CallParty.objects.filter(call_id=call_id, user_id=user.pk, state=CallParty.State.INVITED)
    return rows.filter(call__state=Call.State.RINGING).exists()
