"""Verbs between two people. Every one authorises its actor and locks the pair (see `pairs`)."""

from social.graph.services.blocks import block, unblock
from social.graph.services.follows import (
    accept_follow_request,
    accept_pending,
    accept_stale,
    decline_follow_request,
    follow,
    remove_follower,
    set_bell,
    unfollow,
)
from social.graph.services.friends import (
    accept_friend_request,
    decline_friend_request,
    send_friend_request,
    unfriend,
    withdraw_friend_request,
)
from social.graph.services.mutes import dismiss_suggestion, mute, unmute
from social.graph.services.recounting import recount_people

__all__ = [
    "accept_follow_request",
    "accept_friend_request",
    "accept_pending",
    "accept_stale",
    "block",
    "decline_follow_request",
    "decline_friend_request",
    "dismiss_suggestion",
    "follow",
    "mute",
    "recount_people",
    "remove_follower",
    "send_friend_request",
    "set_bell",
    "unblock",
    "unfollow",
    "unfriend",
    "unmute",
    "withdraw_friend_request",
]
