"""Groups: made, named, joined, left, and run by those who may."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from chat import policies, selectors
from chat.events import InvitedToGroup
from chat.models import Conversation, InviteLink, Member
from chat.policies import Role, State
from chat.presentation import member_json
from chat.services import group_calls, rooms
from chat.text import clean_title
from core import events
from core.errors import Conflict, Invalid, NotFound
from core.ids import parse_uuid
from social.graph import policies as people
from social.graph import selectors as graph
from social.graph.policies import Viewer

LINK_LASTS = timedelta(days=7)
ADD_AT_ONCE = 50


def create_group(
    *, actor: Viewer, title: str, handles: Sequence[str] = (), is_open: bool = False
) -> Member:
    """Make a group owned by the actor and add people to it; raises as `add_members`."""
    user = rooms.authorise(actor, budget="conversation")
    name, now = clean_title(title), timezone.now()
    found = _addable(user, handles)
    conversation = Conversation.objects.create(
        kind=Conversation.Kind.GROUP,
        title=name,
        is_open=is_open,
        last_activity_at=now,
        sort_at=now,
        member_count=1,
    )
    with rooms.locked(conversation.pk) as held:
        Member.objects.create(conversation=held, user=user, role=Role.OWNER, changed_at=now)
        rooms.say(held, actor=user, what="created")
        _add(held, user, found)
    return selectors.membership(user=user, conversation_id=conversation.pk)


def update_group(*, actor: Viewer, conversation_id: object, **changes: Any) -> Member:
    """Change `title` or `is_open`, as one who runs the group; the same again says nothing."""
    user = rooms.authorise(actor)
    with rooms.locked_as(user, conversation_id) as (conversation, member):
        policies.require_group(conversation)
        policies.require_role(member, Role.ADMIN)
        name = clean_title(changes["title"]) if "title" in changes else conversation.title
        is_open = bool(changes.get("is_open", conversation.is_open))
        if (name, is_open) == (conversation.title, conversation.is_open):
            return member
        renamed, opened = name != conversation.title, is_open != conversation.is_open
        conversation.title, conversation.is_open = name, is_open
        if renamed:
            rooms.say(conversation, actor=user, what="renamed", title=name)
        if opened:
            rooms.say(conversation, actor=user, what="opened" if is_open else "closed")
        conversation.save(update_fields=["title", "is_open"])
        shown = {"title": conversation.title, "is_open": conversation.is_open}
        rooms.record(conversation, "conv.update", shown)
    return selectors.membership(user=user, conversation_id=conversation.pk)


def add_members(*, actor: Viewer, conversation_id: object, handles: Sequence[str]) -> None:
    """Add people: friends at once, others by an invitation that they answer.

    Raises Forbidden below admin, `cannot_message` for whoever does not want it, Conflict
    `group_full`.
    """
    user = rooms.authorise(actor)
    found = _addable(user, handles)
    with rooms.locked_as(user, conversation_id) as (conversation, member):
        policies.require_group(conversation)
        policies.require_role(member, Role.ADMIN)
        _add(conversation, user, found)


def remove_member(*, actor: Viewer, conversation_id: object, user_id: object) -> None:
    """Take somebody below the actor out of the group; they get nothing from that moment on."""
    user = rooms.authorise(actor)
    with rooms.locked_as(user, conversation_id) as (conversation, member):
        policies.require_group(conversation)
        other = _present(conversation, user_id)
        policies.require_role(member, Role.ADMIN)
        policies.require_above(member, other)
        _end(conversation, other, State.REMOVED)
        rooms.say(conversation, actor=user, what="removed", user_ids=[other.user_id])


def leave(*, actor: Viewer, conversation_id: object) -> None:
    """Leave a group (an owner hands it on), or clear a pair's history for oneself."""
    user = rooms.authorise(actor)
    with rooms.locked(conversation_id) as conversation:
        member = policies.require_open(rooms.find(conversation, user.pk))
        if not conversation.is_group:
            rooms.save_member(
                member, hidden_before_seq=conversation.last_msg_seq, pinned_at=None, draft=""
            )
            rooms.tell_self(member)
            return
        if member.role == Role.OWNER:
            _hand_on(conversation, member)
        rooms.say(conversation, actor=user, what="left", user_ids=[user.pk])
        _end(conversation, member, State.LEFT)


def set_role(*, actor: Viewer, conversation_id: object, user_id: object, role: str) -> None:
    """Make somebody admin or member, or hand the group over (`owner`); only its owner may."""
    user = rooms.authorise(actor)
    if role not in Role.values:
        raise Invalid.field("role", f"One of: {', '.join(Role.values)}.")
    with rooms.locked_as(user, conversation_id) as (conversation, member):
        policies.require_group(conversation)
        policies.require_role(member, Role.OWNER)
        other = _present(conversation, user_id)
        if other.pk == member.pk or other.state != State.ACTIVE:
            raise Conflict("not_possible", "Give the group to somebody else first.")
        if role == Role.OWNER:
            rooms.save_member(member, role=Role.ADMIN)
            rooms.tell_member(conversation, member)
        rooms.save_member(other, role=role)
        rooms.tell_member(conversation, other)


def make_link(*, actor: Viewer, conversation_id: object) -> InviteLink:
    """Return a new invite link of the group; the one before no longer works."""
    user = rooms.authorise(actor)
    with rooms.locked_as(user, conversation_id) as (conversation, member):
        policies.require_group(conversation)
        policies.require_role(member, Role.ADMIN)
        now = timezone.now()
        InviteLink.objects.filter(conversation=conversation, revoked_at=None).update(revoked_at=now)
        return InviteLink.objects.create(
            conversation=conversation,
            token=secrets.token_urlsafe(16),
            created_by=user,
            expires_at=now + LINK_LASTS,
        )


def link_of(*, actor: Viewer, conversation_id: object) -> InviteLink | None:
    """Return the group's link that works now, to those who run it."""
    user = people.require_active(actor)
    member = selectors.membership(user=user, conversation_id=conversation_id)
    policies.require_group(member.conversation)
    policies.require_role(policies.require_active(member), Role.ADMIN)
    return selectors.link_of(member.conversation)


def revoke_link(*, actor: Viewer, conversation_id: object) -> None:
    """End the group's invite link."""
    user = rooms.authorise(actor)
    with rooms.locked_as(user, conversation_id) as (conversation, member):
        policies.require_group(conversation)
        policies.require_role(member, Role.ADMIN)
        rows = InviteLink.objects.filter(conversation=conversation, revoked_at=None)
        rows.update(revoked_at=timezone.now())


def join_by_link(*, actor: Viewer, token: str) -> Member:
    """Join the group of a live link; raises NotFound for a dead one and for whoever was removed."""
    user = rooms.authorise(actor, budget="conversation")
    return _join(user, selectors.live_link(token).conversation_id)


def join_open(*, actor: Viewer, conversation_id: object) -> Member:
    """Join an open group; raises NotFound for any other."""
    user = rooms.authorise(actor, budget="conversation")
    key = parse_uuid(conversation_id)
    if key is None or not Conversation.objects.filter(pk=key, is_open=True).exists():
        raise NotFound
    return _join(user, key)


def _join(user: User, conversation_id: UUID) -> Member:
    with rooms.locked(conversation_id) as conversation:
        member = rooms.find(conversation, user.pk)
        # Nobody is left in it who could run it.
        empty = not conversation.member_count
        if empty or (member is not None and member.state == State.REMOVED):
            raise NotFound
        if member is None or member.state != State.ACTIVE:
            _enter(conversation, user, State.ACTIVE)
            rooms.say(conversation, actor=user, what="joined", user_ids=[user.pk])
    return selectors.membership(user=user, conversation_id=conversation_id)


def _addable(user: User, handles: Sequence[str]) -> list[tuple[User, bool]]:
    """Return the people of the handles, each with whether they are asked first."""
    if len(handles) > ADD_AT_ONCE:
        raise Invalid.field("members", f"At most {ADD_AT_ONCE} people at once.")
    found = [people.get_visible_person(viewer=user, handle=handle) for handle in handles]
    others = list({person.pk: person for person in found if person.pk != user.pk}.values())
    relations = graph.relationships_for(user.pk, [person.pk for person in others])
    for person in others:
        if not policies.may_write_to(person, relations[person.pk]):
            raise policies.cannot_message()
    return [(person, policies.needs_request(relations[person.pk])) for person in others]


def _add(conversation: Conversation, user: User, found: list[tuple[User, bool]]) -> None:
    entered = []
    for person, ask in found:
        member = rooms.find(conversation, person.pk)
        if member is not None and member.state in (State.ACTIVE, State.REQUEST, State.DECLINED):
            continue
        _enter(conversation, person, State.REQUEST if ask else State.ACTIVE)
        entered.append(person)
        events.publish(InvitedToGroup(conversation.pk, user.pk, person.pk))
    if entered:
        rooms.say(conversation, actor=user, what="added", user_ids=[one.pk for one in entered])


def _enter(conversation: Conversation, person: User, state: str) -> Member:
    if conversation.member_count >= policies.MAX_MEMBERS:
        raise Conflict("group_full", f"A group has at most {policies.MAX_MEMBERS} members.")
    member, _ = Member.objects.update_or_create(
        conversation=conversation,
        user=person,
        defaults={
            "state": state,
            "role": Role.MEMBER,
            "joined_seq": conversation.last_msg_seq,
            "last_read_seq": conversation.last_msg_seq,
            "last_delivered_seq": conversation.last_msg_seq,
            "archived_at": None,
            "changed_at": timezone.now(),
        },
    )
    if state == State.ACTIVE:
        conversation.member_count += 1
        conversation.save(update_fields=["member_count"])
    count = {"member_count": conversation.member_count}
    rooms.record(conversation, "member.add", member_json(member) | count)
    return member


def _present(conversation: Conversation, user_id: object) -> Member:
    key = parse_uuid(user_id)
    return policies.require_open(rooms.find(conversation, key) if key else None)


def _end(conversation: Conversation, member: Member, state: str) -> None:
    was_active = member.state == State.ACTIVE
    rooms.save_member(
        member, state=state, role=Role.MEMBER, pinned_at=None, archived_at=None, draft=""
    )
    if was_active:
        conversation.member_count = max(0, conversation.member_count - 1)
        conversation.save(update_fields=["member_count"])
    payload = {
        "user_id": member.user_id,
        "state": state,
        "member_count": conversation.member_count,
    }
    group_calls.put_out_later(conversation_id=conversation.pk, user_id=member.user_id)
    # The person themselves is told as well: it is the last that they hear of this room.
    rooms.record(conversation, "member.remove", payload, also=[member.user_id])


def _hand_on(conversation: Conversation, owner: Member) -> None:
    """Give the group to an admin, or to whoever has been in it longest."""
    rows = Member.objects.filter(conversation=conversation, state=State.ACTIVE)
    others = rows.exclude(pk=owner.pk).order_by("created_at", "pk")
    heir = others.filter(role=Role.ADMIN).first() or others.first()
    rooms.save_member(owner, role=Role.MEMBER)
    if heir is not None:
        heir.conversation = conversation
        rooms.save_member(heir, role=Role.OWNER)
        rooms.tell_member(conversation, heir)
