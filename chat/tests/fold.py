"""A client in a few lines: a state read over HTTP, and events put on top of it."""

import copy
from typing import Any

from accounts.models import User
from chat.protocol import COUNTED, KEPT_BACK
from conftest import ApiOf

API = "/api/v1/conversations"
EMPTY: dict[str, Any] = {
    "body": "",
    "links": [],
    "mentions": [],
    "meta": {},
    "emoji": {},
    "attachments": [],
    "reactions": [],
    "reply_to": None,
    "deleted": True,
}
VIEW = ("muted_until", "pinned_at", "archived_at", "draft")


class State:
    """A conversation as one person's device has it."""

    def __init__(self, api: ApiOf, user: User, room: object) -> None:
        client = api(user)
        self.me = str(user.pk)
        self.conversation: dict[str, Any] = client.get(f"{API}/{room}").json()
        page = client.get(f"{API}/{room}/messages?limit=50").json()
        self.messages = {one["seq"]: one for one in page["results"]}
        receipts = client.get(f"{API}/{room}/receipts").json()["results"]
        self.receipts = {one["user_id"]: [one["read"], one["delivered"]] for one in receipts}
        # How far they are is nobody's to know before they say yes, and told with their next step.
        members = self.conversation["members"]
        self.unknown = {one["user_id"] for one in members if one["state"] == "request"}

    def plus(self, frames: list[dict[str, Any]]) -> "State":
        """Return a copy on which all of these frames were put, in their order."""
        found = copy.deepcopy(self)
        for frame in frames:
            if frame.get("c") == found.conversation["id"]:
                found.hear(frame)
        return found

    @property
    def es(self) -> int:
        return int(self.conversation["last_event_seq"])

    def hear(self, frame: dict[str, Any]) -> None:
        name, told = frame["ev"], frame["d"]
        if name in COUNTED or name in KEPT_BACK:
            if frame["es"] <= self.es:
                return
            assert frame["es"] == self.es + 1, "a change is missing"
            self.conversation["last_event_seq"] = frame["es"]
        getattr(self, "on_" + name.replace(".", "_"), lambda _: None)(copy.deepcopy(told))
        mine = self.conversation["me"]
        read = max(mine["last_read_seq"], mine["first_seq"] - 1)
        mine["unread"] = max(0, self.conversation["last_msg_seq"] - read)

    def on_message_new(self, told: dict[str, Any]) -> None:
        self.messages[told["seq"]] = told
        self.conversation["last_msg_seq"] = told["seq"]
        self.conversation["last_message"] = told
        self.conversation["sort_at"] = told["created_at"]
        self._read(told["sender_id"], told["seq"])

    def on_gone(self, told: dict[str, Any]) -> None:
        if "seq" in told:
            self.conversation |= {"last_msg_seq": told["seq"], "sort_at": told["at"]}
            self.conversation["last_message"] = None

    def on_message_edit(self, told: dict[str, Any]) -> None:
        self._change(told["seq"], told)
        self._quote(told["id"], {"body": told["body"][:120], "deleted": told["deleted"]})

    def on_message_delete(self, told: dict[str, Any]) -> None:
        self._change(told["seq"], EMPTY)
        self._quote(told["id"], {"body": "", "deleted": True})

    def on_reaction(self, told: dict[str, Any]) -> None:
        self._change(told["seq"], {"reactions": told["reactions"]})

    def on_message_hidden(self, told: dict[str, Any]) -> None:
        self.messages.pop(told["seq"], None)
        if (self.conversation["last_message"] or {}).get("seq") == told["seq"]:
            self.conversation["last_message"] = None

    def on_member_add(self, told: dict[str, Any]) -> None:
        self.conversation["member_count"] = told.pop("member_count")
        self._drop(told["user_id"])
        self.conversation["members"].append(told)
        self.receipts[told["user_id"]] = [self.conversation["last_msg_seq"]] * 2

    def on_member_update(self, told: dict[str, Any]) -> None:
        self.conversation["member_count"] = told.pop("member_count")
        for member in self.conversation["members"]:
            if member["user_id"] == told["user_id"]:
                member.update(told)
        if told["user_id"] == self.me:
            self.conversation["me"] |= {"role": told["role"], "state": told["state"]}

    def on_member_remove(self, told: dict[str, Any]) -> None:
        self.conversation["member_count"] = told["member_count"]
        self._drop(told["user_id"])

    def on_conv_update(self, told: dict[str, Any]) -> None:
        self.conversation |= told

    def on_conv_me(self, told: dict[str, Any]) -> None:
        mine = self.conversation["me"]
        mine |= {name: told[name] for name in VIEW}
        for place in ("first_seq", "last_read_seq"):
            mine[place] = max(mine[place], told[place])

    def on_receipt_read(self, told: dict[str, Any]) -> None:
        self._read(told["user_id"], told["seq"])
        self.on_receipt_delivered(told)

    def on_receipt_delivered(self, told: dict[str, Any]) -> None:
        if told["user_id"] != self.me:
            places = self.receipts.setdefault(told["user_id"], [0, 0])
            places[1] = max(places[1], told["seq"])

    def _read(self, user_id: str, seq: int) -> None:
        if user_id == self.me:
            mine = self.conversation["me"]
            mine["last_read_seq"] = max(mine["last_read_seq"], seq)
        elif user_id in self.receipts:
            self.receipts[user_id][0] = max(self.receipts[user_id][0], seq)

    def _change(self, seq: int, parts: dict[str, Any]) -> None:
        if seq in self.messages:
            self.messages[seq] |= parts
        if (self.conversation["last_message"] or {}).get("seq") == seq:
            self.conversation["last_message"] |= parts

    def _quote(self, message_id: str, parts: dict[str, Any]) -> None:
        """Change what answers to a message quote of it."""
        for message in (*self.messages.values(), self.conversation["last_message"] or {}):
            if (message.get("reply_to") or {}).get("id") == message_id:
                message["reply_to"] |= parts

    def _drop(self, user_id: str) -> None:
        self.receipts.pop(user_id, None)
        members = self.conversation["members"]
        self.conversation["members"] = [one for one in members if one["user_id"] != user_id]

    def shown(self, *, own: bool = True, but: "State | None" = None) -> dict[str, Any]:
        """Return all of it for comparing; `own` includes what is not counted by `es`.

        `but` is a state that did not know yet how far some people are: they are left out.
        """
        unknown = but.unknown if but else self.unknown
        conversation = copy.deepcopy(self.conversation)
        conversation["members"].sort(key=lambda one: one["user_id"])
        mine = conversation.pop("me")
        active = {one["user_id"] for one in conversation["members"] if one["state"] == "active"}
        receipts = {one: at for one, at in self.receipts.items() if one in active - unknown}
        found = {"conversation": conversation, "messages": self.messages}
        return found | ({"me": mine, "receipts": receipts} if own else {})
