"""Who may write to whom, and what a role allows in a group.

Pure questions about rows that the caller has read; services ask them inside their transaction.
"""

from accounts.models import User
from chat.models import Conversation, Member
from core.errors import Forbidden, NotFound
from social.graph.policies import Viewer
from social.graph.relationships import Relationship

Role, State = Member.Role, Member.State
MAX_MEMBERS = 256
NAMED_RECEIPTS_UP_TO = 50
_RANK = {Role.MEMBER: 0, Role.ADMIN: 1, Role.OWNER: 2}


def cannot_message() -> Forbidden:
    """Return the one refusal to write to somebody, which does not tell why."""
    return Forbidden("cannot_message", "You cannot write to this person.")


def may_write_to(person: User, relation: Relationship) -> bool:
    """Return whether somebody who stands like this to `person` may open a conversation."""
    if relation.is_blocked or person.is_suspended or not person.is_active:
        return False
    if person.who_may_message == User.WhoMayMessage.EVERYONE:
        return True
    return relation.friend and person.who_may_message == User.WhoMayMessage.FRIENDS


def needs_request(relation: Relationship) -> bool:
    """Return whether a first message waits for the other's yes."""
    return not relation.friend


def cannot_call() -> Forbidden:
    """Return the one refusal to call somebody, which does not tell why."""
    return Forbidden("cannot_call", "You cannot call this person.")


def require_may_call(other: Member, relation: Relationship) -> None:
    """Raise Forbidden unless somebody who stands like this to `other` may ring them.

    More than for a message: the other has said yes to the conversation, and their settings let
    this person write to them today.
    """
    if not may_write_to(other.user, relation):
        raise cannot_call()
    if other.state == State.REQUEST:
        raise Forbidden("request_pending", "They have not answered your request yet.")
    if other.state != State.ACTIVE:
        raise cannot_call()


def require_role(member: Member, least: "Member.Role") -> None:
    """Raise Forbidden unless the member of a group has at least this role."""
    if _RANK[Role(member.role)] < _RANK[least]:
        raise Forbidden("role_too_low", "Only those who run this group may do this.")


def require_above(actor: Member, other: Member) -> None:
    """Raise Forbidden unless `actor` stands above `other`."""
    if _RANK[Role(actor.role)] <= _RANK[Role(other.role)]:
        raise Forbidden("role_too_low", "Only those who run this group may do this.")


def require_group(conversation: Conversation) -> None:
    """Raise Forbidden for what only groups have."""
    if not conversation.is_group:
        raise Forbidden("not_a_group", "This is possible in groups only.")


def require_open(member: Member | None) -> Member:
    """Return a membership that lets its owner read; raises NotFound for any other."""
    if member is None or member.state not in (State.ACTIVE, State.REQUEST):
        raise NotFound
    return member


def require_active(member: Member | None) -> Member:
    """Return a membership that lets its owner write; Forbidden while a request is unanswered."""
    found = require_open(member)
    if found.state == State.REQUEST:
        raise Forbidden("request_pending", "Accept the request first.")
    return found


def first_visible(member: Member) -> int:
    """Return the seq before the first message that is the member's to see."""
    return max(member.joined_seq, member.hidden_before_seq)


def unread(member: Member, last_seq: int) -> int:
    """Return how many messages the member has not read."""
    return max(0, last_seq - max(member.last_read_seq, first_visible(member)))


def moderates_themes(viewer: Viewer) -> bool:
    """Return whether `viewer` may take anybody's theme away."""
    return isinstance(viewer, User) and viewer.is_staff and viewer.has_perm("chat.delete_theme")
