"""Verbs of the messenger; each authorises its actor."""

from chat.services.attaching import add_attachment, forget_unsent
from chat.services.changing import delete_message, edit_message, set_reaction
from chat.services.direct import answer_request, open_dm
from chat.services.groups import (
    add_members,
    create_group,
    join_by_link,
    join_open,
    leave,
    make_link,
    remove_member,
    revoke_link,
    set_role,
    update_group,
)
from chat.services.own_view import (
    mark_delivered,
    mark_read,
    receipts_for,
    settings_of,
    update_own,
    update_settings,
)
from chat.services.sending import Outgoing, Sent, send_message

__all__ = [
    "Outgoing",
    "Sent",
    "add_attachment",
    "add_members",
    "answer_request",
    "create_group",
    "delete_message",
    "edit_message",
    "forget_unsent",
    "join_by_link",
    "join_open",
    "leave",
    "make_link",
    "mark_delivered",
    "mark_read",
    "open_dm",
    "receipts_for",
    "remove_member",
    "revoke_link",
    "send_message",
    "set_reaction",
    "set_role",
    "settings_of",
    "update_group",
    "update_own",
    "update_settings",
]
