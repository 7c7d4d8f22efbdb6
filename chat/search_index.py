"""Indexes that the search of messages reads, by vendor; made by migrations.

A word of three letters or more is found anywhere, also within a longer word: trigrams. A shorter
one has no trigram and is found where a word begins: full text (`simple`: no language is assumed).
SQLite has two FTS5 tables for that, kept by triggers, so that an edit is found by its new words
and a deletion by none. Messages have no integer of their own to be a row of those: `PLACES` gives
them one that stays, where SQLite's hidden `rowid` may change.
"""

from typing import Any

from core import search_tables

POSTGRESQL = {
    "chat_message_word_starts": "chat_message USING gin "
    "(to_tsvector('simple'::regconfig, COALESCE(body, '')))",
    "chat_message_trigrams": "chat_message USING gin (upper(body::text) gin_trgm_ops)",
    "chat_title_trigrams": "chat_conversation USING gin (upper(title::text) gin_trgm_ops)",
}
PLACES, PARTS, WORDS = "chat_message_places", "chat_message_parts", "chat_message_words"
# ruff: noqa: S608  - every name in these statements is a constant of this module
_PLACE = f"(SELECT place FROM {PLACES} WHERE message_id = old.id)"
_FORGET = (
    f"DELETE FROM {PARTS} WHERE rowid = {_PLACE}; DELETE FROM {WORDS} WHERE rowid = {_PLACE}; "
    f"DELETE FROM {PLACES} WHERE message_id = old.id; "
)
_LEARN = (
    f"INSERT INTO {PLACES} (message_id) SELECT new.id WHERE new.body <> ''; "
    f"INSERT INTO {PARTS} (rowid, body) SELECT place, new.body FROM {PLACES} "
    "WHERE message_id = new.id; "
    f"INSERT INTO {WORDS} (rowid, body) SELECT place, new.body FROM {PLACES} "
    "WHERE message_id = new.id; "
)
_WHOLE = f"SELECT place, body FROM {PLACES} JOIN chat_message ON id = message_id"
SQLITE = (
    f"CREATE TABLE IF NOT EXISTS {PLACES} "
    "(place INTEGER PRIMARY KEY, message_id CHAR(32) NOT NULL UNIQUE)",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {PARTS} USING fts5(body, tokenize='trigram')",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS} USING fts5("
    "body, tokenize='unicode61 remove_diacritics 0', prefix='1 2')",
    f"CREATE TRIGGER IF NOT EXISTS {PARTS}_added AFTER INSERT ON chat_message "
    f"WHEN new.body <> '' BEGIN {_LEARN} END",
    f"CREATE TRIGGER IF NOT EXISTS {PARTS}_gone AFTER DELETE ON chat_message BEGIN {_FORGET} END",
    f"CREATE TRIGGER IF NOT EXISTS {PARTS}_changed AFTER UPDATE OF body ON chat_message "
    f"WHEN old.body IS NOT new.body BEGIN {_FORGET} {_LEARN} END",
    f"INSERT INTO {PLACES} (message_id) SELECT id FROM chat_message WHERE body <> '' "
    f"AND id NOT IN (SELECT message_id FROM {PLACES})",
    f"INSERT INTO {PARTS} (rowid, body) {_WHOLE} WHERE place NOT IN (SELECT rowid FROM {PARTS})",
    f"INSERT INTO {WORDS} (rowid, body) {_WHOLE} WHERE place NOT IN (SELECT rowid FROM {WORDS})",
)


def ensure(alias: str) -> None:
    """Make what is missing; quick when nothing is."""
    search_tables.ensure(alias, postgresql=POSTGRESQL, sqlite=SQLITE)


def after_migrate(sender: object, *, using: str, **_: Any) -> None:
    """Hear that migrations have run (`post_migrate`)."""
    if search_tables.has_table(using, "chat_message"):
        ensure(using)
