"""Verbs of the messenger; each authorises its actor."""

from chat.services.attaching import (
    ATTACHMENT_MAX_BYTES,
    Recording,
    add_attachment,
    forget_unsent,
)
from chat.services.changing import delete_message, edit_message, set_reaction
from chat.services.direct import answer_request, open_dm
from chat.services.emoji import MAX_BYTES as EMOJI_MAX_BYTES
from chat.services.emoji import MAX_GROUP as MAX_GROUP_EMOJI
from chat.services.emoji import MAX_OWN as MAX_OWN_EMOJI
from chat.services.emoji import add_emoji, delete_emoji
from chat.services.group_pictures import MAX_BYTES as GROUP_PICTURE_MAX_BYTES
from chat.services.group_pictures import remove_group_picture, set_group_picture
from chat.services.groups import (
    add_members,
    create_group,
    join_by_link,
    join_open,
    leave,
    link_of,
    make_link,
    remove_member,
    revoke_link,
    set_role,
    update_group,
)
from chat.services.own_view import (
    SETTINGS,
    mark_delivered,
    mark_read,
    receipts_for,
    settings_of,
    update_own,
    update_settings,
)
from chat.services.presence import (
    WATCH_SECONDS,
    Presence,
    announce_lapsed,
    arrived,
    departed,
    parse_watched,
    presence_json,
    presence_of,
    watch,
)
from chat.services.sending import Outgoing, Sent, send_message
from chat.services.theme_removal import remove_theme, removed_ids, take_off
from chat.services.themes import (
    COLORS,
    MAX_LAYERS,
    Layer,
    Look,
    delete_theme,
    make_theme,
    publish_theme,
    set_room_theme,
)
from chat.services.themes import MAX_BYTES as THEME_LAYER_MAX_BYTES

__all__ = [
    "ATTACHMENT_MAX_BYTES",
    "COLORS",
    "EMOJI_MAX_BYTES",
    "GROUP_PICTURE_MAX_BYTES",
    "MAX_GROUP_EMOJI",
    "MAX_LAYERS",
    "MAX_OWN_EMOJI",
    "SETTINGS",
    "THEME_LAYER_MAX_BYTES",
    "WATCH_SECONDS",
    "Layer",
    "Look",
    "Outgoing",
    "Presence",
    "Recording",
    "Sent",
    "add_attachment",
    "add_emoji",
    "add_members",
    "announce_lapsed",
    "answer_request",
    "arrived",
    "create_group",
    "delete_emoji",
    "delete_message",
    "delete_theme",
    "departed",
    "edit_message",
    "forget_unsent",
    "join_by_link",
    "join_open",
    "leave",
    "link_of",
    "make_link",
    "make_theme",
    "mark_delivered",
    "mark_read",
    "open_dm",
    "parse_watched",
    "presence_json",
    "presence_of",
    "publish_theme",
    "receipts_for",
    "remove_group_picture",
    "remove_member",
    "remove_theme",
    "removed_ids",
    "revoke_link",
    "send_message",
    "set_group_picture",
    "set_reaction",
    "set_role",
    "set_room_theme",
    "settings_of",
    "take_off",
    "update_group",
    "update_own",
    "update_settings",
    "watch",
]
