"""The published shape of every frame that a socket writes: JSON Schema 2020-12, by event.

Clients ignore fields and events that they do not know (v1); tests hold every frame that is really
written against the strict form of this, so that nothing is sent that is not written down here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]
ID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SEQ: Schema = {"type": "integer", "minimum": 1}
COLOR: Schema = {"type": "string", "pattern": "^#[0-9a-f]{6}$"}


def record(fields: Mapping[str, Schema], *, optional: Sequence[str] = ()) -> Schema:
    """Return the schema of an object that has these fields and, strictly, no others."""
    return {
        "type": "object",
        "properties": dict(fields),
        "required": [name for name in fields if name not in optional],
        "additionalProperties": False,
    }


def many(item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def maybe(schema: Schema) -> Schema:
    """Return the schema of something that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def _of(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


PARTS: dict[str, Schema] = {
    "person": record(
        {
            "id": ID,
            "username": TEXT,
            "name": TEXT,
            "avatar": maybe(TEXT),
            "is_verified": FLAG,
        }
    ),
    "reaction": record(
        {"emoji": TEXT, "count": SEQ, "user_ids": many(ID), "url": maybe(TEXT)},
    ),
    "attachment": record(
        {
            "id": ID,
            "kind": {"enum": ["image", "video", "audio", "file"]},
            "url": TEXT,
            "type": TEXT,
            "name": TEXT,
            "size": COUNT,
            "width": maybe(COUNT),
            "height": maybe(COUNT),
            "duration_ms": maybe(COUNT),
            "wave": many({"type": "integer", "minimum": 0, "maximum": 31}),
        }
    ),
    "excerpt": record(
        {"id": ID, "seq": SEQ, "sender_id": maybe(ID), "kind": TEXT, "body": TEXT, "deleted": FLAG}
    ),
    "message": record(
        {
            "id": ID,
            "c": ID,
            "seq": SEQ,
            "client_id": ID,
            "sender": maybe(_of("person")),
            "sender_id": maybe(ID),
            "kind": {
                "enum": [
                    *("text", "image", "video", "audio", "file"),
                    *("clip", "profile", "call", "system"),
                ]
            },
            "body": {"type": "string", "maxLength": 4000},
            "links": many(TEXT),
            "reply_to": maybe(_of("excerpt")),
            "forwarded": FLAG,
            "mentions": many(ID),
            "meta": {"type": "object"},
            "emoji": {"type": "object", "additionalProperties": TEXT},
            "attachments": many(_of("attachment")),
            "reactions": many(_of("reaction")),
            "revision": SEQ,
            "created_at": MOMENT,
            "edited_at": maybe(MOMENT),
            "deleted": FLAG,
        }
    ),
    "theme": record(
        {
            "id": ID,
            "name": TEXT,
            "owner": maybe(_of("person")),
            "background": {"enum": ["color", "image", "parallax"]},
            "bg_color": COLOR,
            "own_color": COLOR,
            "own_text": COLOR,
            "other_color": COLOR,
            "other_text": COLOR,
            "layers": {
                "type": "array",
                "maxItems": 5,
                "items": record(
                    {
                        "url": TEXT,
                        "width": SEQ,
                        "height": SEQ,
                        "speed": {"type": "number", "minimum": 0, "maximum": 1},
                    }
                ),
            },
        }
    ),
    "call": record(
        {
            "id": ID,
            "c": ID,
            "media": {"enum": ["audio", "video"]},
            "state": {"enum": ["ringing", "active", "ended"]},
            "outcome": {
                "enum": ["", "completed", "dropped", "missed", "cancelled", "declined", "busy"]
            },
            "own": FLAG,
            "person": maybe(_of("person")),
            "created_at": MOMENT,
            "answered_at": maybe(MOMENT),
            "left_seconds": COUNT,
        }
    ),
    "role": {"enum": ["owner", "admin", "member"]},
    "state": {"enum": ["active", "request", "left", "removed", "declined"]},
}
MEMBER = {"user_id": ID, "role": _of("role"), "state": _of("state"), "member_count": COUNT}
PLACE = record({"user_id": ID, "seq": COUNT})
NOTHING = record({})
# Changes of a conversation, counted by `es` without a gap: kept, and asked for by `events?after=`.
COUNTED: dict[str, Schema] = {
    "message.new": _of("message"),
    "message.edit": _of("message"),
    "message.delete": record({"id": ID, "seq": SEQ}),
    "reaction": record(
        {
            "id": ID,
            "seq": SEQ,
            "reactions": many(_of("reaction")),
            "user_id": ID,
            "emoji": TEXT,
            "on": FLAG,
        }
    ),
    "member.add": record({"user": maybe(_of("person")), **MEMBER}),
    "member.update": record(MEMBER),
    "member.remove": record({name: MEMBER[name] for name in MEMBER if name != "role"}),
    "conv.update": record(
        {"title": TEXT, "is_open": FLAG, "avatar": maybe(TEXT), "theme": maybe(_of("theme"))},
        optional=("title", "is_open", "avatar", "theme"),
    ),
}
# Of a conversation, but of one person's view of it or of a moment: `sync` makes up for lost ones.
UNCOUNTED: dict[str, Schema] = {
    "message.hidden": record({"id": ID, "seq": SEQ}),
    "conv.me": record(
        {
            "state": _of("state"),
            "role": _of("role"),
            "first_seq": SEQ,
            "last_read_seq": COUNT,
            "unread": COUNT,
            "muted_until": maybe(MOMENT),
            "pinned_at": maybe(MOMENT),
            "archived_at": maybe(MOMENT),
            "draft": TEXT,
        }
    ),
    "request.new": record({"sender_id": ID}),
    "receipt.read": PLACE,
    "receipt.delivered": PLACE,
    "typing": record({"user_id": ID}),
    "call.ring": _of("call"),
    "call.taken": _of("call"),
    "call.ended": _of("call"),
}
# Of a call, from one of its two sockets to the other: carried, never kept.
CALLS: dict[str, Schema] = {
    "call.ringing": record({"call": ID}),
    "call.back": record({"call": ID, "fresh": FLAG}),
    "call.away": record({"call": ID, "seconds": SEQ}),
    "call.desc": record(
        {
            "call": ID,
            "from": ID,
            "desc": record({"type": {"enum": ["offer", "answer"]}, "sdp": TEXT}),
        }
    ),
    "call.cand": record(
        {
            "call": ID,
            "from": ID,
            "cand": many(
                record(
                    {
                        "candidate": TEXT,
                        "sdpMid": maybe(TEXT),
                        "sdpMLineIndex": maybe(COUNT),
                        "usernameFragment": maybe(TEXT),
                    }
                )
            ),
        }
    ),
    "call.media": record(
        {
            "call": ID,
            "from": ID,
            "media": record({"audio": FLAG, "video": FLAG, "screen": FLAG}),
        }
    ),
}
# Of a person, in no conversation.
PERSONAL: dict[str, Schema] = {
    "presence": record({"user_id": ID, "online": maybe(FLAG), "last_seen_at": maybe(MOMENT)}),
    "session.refilter": NOTHING,
    "session.revoked": record({"session_id": ID}),
    "account.shut": NOTHING,
    "video.status": record(
        {
            "id": ID,
            "processing_state": TEXT,
            "progress": {"type": "number", "minimum": 0, "maximum": 1},
            "error": record({"code": TEXT, "detail": TEXT}),
        },
        optional=("error",),
    ),
}
# Of this connection: written by the gateway itself, never numbered.
GATEWAY: dict[str, Schema] = {
    "hello": record(
        {
            "conn": TEXT,
            "heartbeat_ms": SEQ,
            "epoch": TEXT,
            "offset": COUNT,
            "now": MOMENT,
        }
    ),
    "resync": record({"reason": {"enum": ["bus", "ring"]}}),
}
# In `events?after=` only: a change that is not the asker's to see, so that `es` has no gap. Of a
# new message its place and moment: unread counts and the order of lists are made of them.
KEPT_BACK: dict[str, Schema] = {
    "gone": record({"seq": SEQ, "at": MOMENT}, optional=("seq", "at")),
}
EVENTS = {**COUNTED, **UNCOUNTED, **PERSONAL, **CALLS, **GATEWAY, **KEPT_BACK}
REPLY: Schema = {
    "oneOf": [
        record(
            {"re": {"type": ["integer", "string"]}, "ok": {"const": True}, "d": {"type": "object"}},
            optional=("d",),
        ),
        record(
            {
                "re": {},
                "ok": {"const": False},
                "err": record(
                    {"code": TEXT, "message": TEXT, "retry_ms": COUNT},
                    optional=("message", "retry_ms"),
                ),
            }
        ),
    ]
}


def frame(name: str) -> Schema:
    """Return the schema of the whole frame of an event."""
    fields: Schema = {"ev": {"const": name}, "d": EVENTS[name]}
    optional: list[str] = []
    if name not in GATEWAY and name not in KEPT_BACK:
        # The number in the person's stream; what is worth nothing a moment later has none.
        fields["o"] = SEQ
        optional.append("o")
    if name in COUNTED or name in UNCOUNTED or name in KEPT_BACK:
        fields["c"] = ID
    if name in COUNTED or name in KEPT_BACK:
        fields["es"] = SEQ
    return record(fields, optional=optional)


def document(*, strict: bool = False) -> Schema:
    """Return the schema of whatever a socket writes; `strict` forbids what is not named here."""
    found: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/api/v1/realtime/schema",
        "title": "Frames that a socket of Tóp Tóp writes (app.v1)",
        "description": (
            "Events have `ev`, answers have `re`. Ignore events and fields that you do not know."
            " `es` counts the changes of conversation `c` without a gap, `o` the events of a"
            " person. A state that was read over HTTP and all events since the socket opened make"
            " the present state if changes up to its `last_event_seq` are skipped, positions only"
            " rise, and of `conv.me` the role and state are left to `member.update`. Whoever writes"
            " a message has read up to it."
        ),
        "oneOf": [*(_of(f"event:{name}") for name in EVENTS), _of("reply")],
        "$defs": {
            **PARTS,
            **{f"event:{name}": frame(name) for name in EVENTS},
            "reply": REPLY,
        },
    }
    return found if strict else _loose(found)


def _loose(schema: Any) -> Any:
    """Return a schema whose objects may have more than what is named."""
    if isinstance(schema, dict):
        return {
            name: _loose(part)
            for name, part in schema.items()
            if not (name == "additionalProperties" and part is False)
        }
    return [_loose(part) for part in schema] if isinstance(schema, list) else schema
