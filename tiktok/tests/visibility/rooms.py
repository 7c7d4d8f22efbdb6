"""Conversations of a staged world, written as rows: as many of everything as the world's people."""

from django.utils import timezone

from accounts import services as accounts
from accounts.devices import Device
from accounts.models import Session, User
from chat.models import (
    Attachment,
    ChatSettings,
    Conversation,
    ConversationEvent,
    CustomEmoji,
    EmojiUse,
    Member,
    Message,
    Reaction,
    Theme,
    ThemeLayer,
)
from core.ids import uuid7
from notifications.models import PushDevice
from tiktok.tests.visibility.staging import Stage
from tiktok.tests.visibility.surfaces import API

# Every list of the messenger; `{room}` is the group, `{people}` are the others' ids.
LISTS = (
    f"{API}/conversations?limit=50",
    f"{API}/conversations/{{room}}",
    f"{API}/conversations/{{room}}/messages?limit=50",
    f"{API}/conversations/{{room}}/events?after=0",
    f"{API}/conversations/{{room}}/receipts",
    f"{API}/conversations/{{room}}/emoji-sets",
    f"{API}/search/messages?q=line&limit=50",
    f"{API}/search/messages?q=li&limit=50",
    f"{API}/search/users?q=friend&limit=50",
    f"{API}/conversations/open?q=climbing&limit=50",
    f"{API}/push-devices",
    "/settings/notifications",
    "/messages/search?q=line",
    "/messages/search?q=friend",
    "/messages/search?q=climbing",
    "/messages/{room}/about",
    "/messages/new",
    f"{API}/sync",
    f"{API}/presence?ids={{people}}",
    f"{API}/emoji-sets",
    f"{API}/themes?limit=50",
    f"{API}/themes?mine=true&limit=50",
    "/messages",
    "/messages/{room}",
    "/messages/emoji",
    "/messages/{room}/emoji",
    "/messages/themes?room={room}",
    "/messages/themes?mine=1",
)
COLORS = {
    "bg_color": "#102030",
    "own_color": "#0a7159",
    "own_text": "#ffffff",
    "other_color": "#ffffff",
    "other_text": "#1b181d",
}


def furnish(made: Stage, owner: str, others: list[str]) -> Conversation:
    """Give the owner a pair and a theme with each of the others, and a group with all of them.

    Return the group, in which everybody has said something with everything that a message has.
    """
    me, people = made.users[owner], [made.users[name] for name in others]
    group = _group(me, people)
    previous = None
    for place, person in enumerate(people, start=1):
        theme = _theme(person)
        _open_group(person, place)
        pair = _pair(me, person, theme)
        _say(pair, person, 1)
        _theme(me)
        PushDevice.objects.create(
            user=me,
            session=_session(me),
            transport="expo",
            token=f"ExponentPushToken[scaling{place}]",
            registered_at=timezone.now(),
        )
        previous = _say(group, person, place, reply_to=previous)
        for emoji in (
            _emoji(owner=me, name=f"own{place}"),
            _emoji(conversation=group, name=f"all{place}"),
        ):
            EmojiUse.objects.create(emoji=emoji, conversation=group)
            Reaction.objects.create(
                message=previous, user=person, emoji=f":{emoji.shortcode}:", custom=emoji
            )
    ChatSettings.objects.bulk_create(
        [ChatSettings(user=person, last_seen_at=timezone.now()) for person in (me, *people)]
    )
    group.last_msg_seq = group.last_event_seq = len(people)
    group.theme = _theme(me)
    group.save()
    return group


def _session(user: User) -> Session:
    return accounts.open_session(user=user, kind=Session.Kind.APP, device=Device())


def _group(me: User, people: list[User]) -> Conversation:
    now = timezone.now()
    group = Conversation.objects.create(
        kind="group",
        title="All of us",
        member_count=len(people) + 1,
        last_activity_at=now,
        sort_at=now,
    )
    rows = [Member(conversation=group, user=me, role="owner", changed_at=now)]
    rows += [Member(conversation=group, user=person, changed_at=now) for person in people]
    Member.objects.bulk_create(rows)
    return group


def _open_group(owner: User, place: int) -> None:
    now = timezone.now()
    group = Conversation.objects.create(
        kind="group",
        title=f"Climbing {place}",
        is_open=True,
        member_count=1,
        last_activity_at=now,
        sort_at=now,
    )
    Member.objects.create(conversation=group, user=owner, role="owner", changed_at=now)


def _pair(me: User, person: User, theme: Theme) -> Conversation:
    now = timezone.now()
    pair = Conversation.objects.create(
        kind="dm",
        dm_key=":".join(sorted((str(me.pk), str(person.pk)))),
        last_activity_at=now,
        sort_at=now,
        member_count=2,
        last_msg_seq=1,
        last_event_seq=1,
        theme=theme,
    )
    Member.objects.bulk_create(
        [Member(conversation=pair, user=one, changed_at=now) for one in (me, person)]
    )
    return pair


def _say(room: Conversation, sender: User, seq: int, reply_to: Message | None = None) -> Message:
    message = Message.objects.create(
        conversation=room,
        seq=seq,
        sender=sender,
        client_id=uuid7(),
        fingerprint="",
        body=f"line {seq}",
        reply_to=reply_to,
    )
    Reaction.objects.create(message=message, user=sender, emoji="👍")
    Attachment.objects.create(
        message=message, kind="file", key=f"x/{message.pk}", content_type="text/plain", size=1
    )
    ConversationEvent.objects.create(
        conversation=room, event_seq=seq, type="message.new", message=message
    )
    return message


def _theme(owner: User) -> Theme:
    theme = Theme.objects.create(
        owner=owner, name="Sea", background="image", published_at=timezone.now(), **COLORS
    )
    ThemeLayer.objects.create(theme=theme, position=0, key="x", width=1, height=1, speed=0)
    return theme


def _emoji(*, name: str, **of: object) -> CustomEmoji:
    fields = {"shortcode": name, "key": "x", "edge": 64}
    made: CustomEmoji = CustomEmoji.objects.create(**fields, **of)
    return made
