"""Bodies and answers of the messenger's routes."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

LOOSE = 8000
HUGE = 2**53


class PersonSchema(serializers.Serializer[Any]):
    """Who wrote or is in it."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)
    is_verified = serializers.BooleanField()


class ExcerptSchema(serializers.Serializer[Any]):
    """The message that one answers."""

    id = serializers.UUIDField()
    seq = serializers.IntegerField()
    sender_id = serializers.UUIDField(allow_null=True)
    kind = serializers.CharField()
    body = serializers.CharField()
    deleted = serializers.BooleanField()


class ReactionSchema(serializers.Serializer[Any]):
    """One emoji and who gave it."""

    emoji = serializers.CharField()
    count = serializers.IntegerField()
    user_ids = serializers.ListField(child=serializers.UUIDField())
    url = serializers.CharField(allow_null=True, help_text="Its picture, of a custom one.")


class AttachmentSchema(serializers.Serializer[Any]):
    """A file of a message."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    url = serializers.CharField()
    type = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    wave = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=31),
        help_text="How loud a recording is, in equal parts; empty where nobody said.",
    )


class MessageSchema(serializers.Serializer[Any]):
    """A message."""

    id = serializers.UUIDField()
    c = serializers.UUIDField(help_text="Its conversation.")
    seq = serializers.IntegerField(help_text="Its place, 1 to N without a gap.")
    client_id = serializers.UUIDField()
    sender = PersonSchema(allow_null=True)
    sender_id = serializers.UUIDField(allow_null=True)
    kind = serializers.CharField()
    body = serializers.CharField()
    links = serializers.ListField(child=serializers.CharField())
    reply_to = ExcerptSchema(allow_null=True)
    forwarded = serializers.BooleanField()
    mentions = serializers.ListField(child=serializers.UUIDField())
    meta = serializers.DictField()
    emoji = serializers.DictField(
        child=serializers.CharField(),
        help_text="Pictures of the shortcodes in `body`; one that answers 404 is shown as words.",
    )
    attachments = AttachmentSchema(many=True)
    reactions = ReactionSchema(many=True)
    revision = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted = serializers.BooleanField()


class MemberSchema(serializers.Serializer[Any]):
    """Somebody in a conversation."""

    user = PersonSchema(allow_null=True)
    user_id = serializers.UUIDField()
    role = serializers.CharField()
    state = serializers.CharField()


class OwnSchema(serializers.Serializer[Any]):
    """How the caller has a conversation."""

    state = serializers.CharField()
    role = serializers.CharField()
    first_seq = serializers.IntegerField()
    last_read_seq = serializers.IntegerField()
    unread = serializers.IntegerField()
    muted_until = serializers.DateTimeField(allow_null=True)
    pinned_at = serializers.DateTimeField(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    draft = serializers.CharField()


class ConversationSchema(serializers.Serializer[Any]):
    """A conversation as the caller has it."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = serializers.CharField()
    is_open = serializers.BooleanField()
    avatar = serializers.CharField(allow_null=True, help_text="The picture of a group.")
    members = MemberSchema(many=True)
    member_count = serializers.IntegerField()
    last_msg_seq = serializers.IntegerField()
    last_event_seq = serializers.IntegerField()
    last_message = MessageSchema(allow_null=True)
    sort_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    theme = serializers.DictField(allow_null=True, help_text="As of `themes`, without counts.")
    me = OwnSchema()


class DmInput(serializers.Serializer[Any]):
    """With whom."""

    user_id = serializers.CharField(max_length=320, help_text="An id or another handle.")


class GroupInput(serializers.Serializer[Any]):
    """A new group."""

    title = serializers.CharField(max_length=LOOSE)
    members = serializers.ListField(
        child=serializers.CharField(max_length=320), required=False, max_length=256
    )
    is_open = serializers.BooleanField(default=False)


class ConversationInput(serializers.Serializer[Any]):
    """The group's name and openness; the caller's own mute, pin, archive and draft."""

    title = serializers.CharField(max_length=LOOSE, required=False)
    is_open = serializers.BooleanField(required=False)
    muted_until = serializers.DateTimeField(required=False, allow_null=True)
    pinned = serializers.BooleanField(required=False)
    archived = serializers.BooleanField(required=False)
    draft = serializers.CharField(max_length=LOOSE, required=False, allow_blank=True)


class EditInput(serializers.Serializer[Any]):
    """The new words."""

    body = serializers.CharField(max_length=LOOSE, allow_blank=True, trim_whitespace=False)


class SeqInput(serializers.Serializer[Any]):
    """Up to where."""

    seq = serializers.IntegerField(min_value=0, max_value=HUGE)


class MembersInput(serializers.Serializer[Any]):
    """Whom."""

    members = serializers.ListField(
        child=serializers.CharField(max_length=320), min_length=1, max_length=256
    )


class RoleInput(serializers.Serializer[Any]):
    """Which role."""

    role = serializers.ChoiceField(["owner", "admin", "member"])


class WindowQuery(serializers.Serializer[Any]):
    """Which stretch: at most one of the three places."""

    before_seq = serializers.IntegerField(required=False, min_value=0, max_value=HUGE)
    after_seq = serializers.IntegerField(required=False, min_value=0, max_value=HUGE)
    around_seq = serializers.IntegerField(required=False, min_value=0, max_value=HUGE)
    limit = serializers.IntegerField(default=10, min_value=1, max_value=50)


class EventsQuery(serializers.Serializer[Any]):
    """After which event."""

    after = serializers.IntegerField(min_value=0, max_value=HUGE)


class SearchQuery(serializers.Serializer[Any]):
    """What for."""

    q = serializers.CharField(max_length=200, allow_blank=True)


class MessageQuery(SearchQuery):
    """What for, and in which conversation."""

    c = serializers.UUIDField(required=False)


class PieceSchema(serializers.Serializer[Any]):
    """A stretch of an excerpt."""

    text = serializers.CharField()
    hit = serializers.BooleanField(help_text="It is what was searched for.")


class FoundRoomSchema(serializers.Serializer[Any]):
    """The conversation of a message that was found."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)


class FoundSchema(MessageSchema):
    """A message that was found; ask for `messages?around_seq=` to go there."""

    excerpt = PieceSchema(many=True, help_text="A part of the body around the first hit.")
    room = FoundRoomSchema()


class GroupFoundSchema(serializers.Serializer[Any]):
    """A group that anybody may join."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    member_count = serializers.IntegerField()
    avatar = serializers.CharField(allow_null=True)
    is_mine = serializers.BooleanField(help_text="The caller is in it.")


class SettingsBody(serializers.Serializer[Any]):
    """What the caller lets others know."""

    read_receipts = serializers.BooleanField(required=False)
    show_presence = serializers.BooleanField(required=False)


MESSAGE_PAGE = inline_serializer(
    "MessagePage",
    {
        "results": MessageSchema(many=True),
        "more_before": serializers.BooleanField(),
        "more_after": serializers.BooleanField(),
    },
)
CONVERSATION_PAGE = inline_serializer(
    "ConversationPage",
    {
        "results": ConversationSchema(many=True),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
    },
)
EVENT_PAGE = inline_serializer(
    "EventPage", {"results": serializers.ListField(child=serializers.DictField())}
)
SYNC = inline_serializer(
    "Sync",
    {
        "conversations": ConversationSchema(many=True),
        "ended": serializers.ListField(child=serializers.UUIDField()),
        "badge": serializers.IntegerField(),
        "cursor": serializers.CharField(),
        "now": serializers.DateTimeField(),
    },
)
LINK = inline_serializer(
    "InviteLink",
    {"url": serializers.CharField(), "expires_at": serializers.DateTimeField()},
)


def page_of(
    name: str, item: "serializers.Field[Any, Any, Any, Any]"
) -> "serializers.Serializer[Any]":
    """Return the schema of a page by cursor."""
    address = serializers.URLField(allow_null=True)
    return inline_serializer(name, {"results": item, "next": address, "previous": address})


GROUP_PAGE = page_of("OpenGroups", GroupFoundSchema(many=True))
FOUND_PAGE = page_of("FoundMessages", FoundSchema(many=True))
PEOPLE_PAGE = page_of("FoundPeople", serializers.ListField(child=serializers.DictField()))
RECEIPTS = inline_serializer(
    "Receipts", {"results": serializers.ListField(child=serializers.DictField())}
)
UNREAD = inline_serializer("Unread", {"conversations": serializers.IntegerField()})
