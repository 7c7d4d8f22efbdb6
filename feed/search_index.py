"""Indexes that search reads, by vendor; made by a migration and again after every `migrate`.

PostgreSQL: full text over captions (configuration `simple`: no language is assumed) and trigrams of
tags and names, which also find the middle of a word. SQLite: an FTS5 table of captions that
triggers keep; Django makes a table anew when it alters one, and triggers do not come along, so they
are looked after here.
"""

from typing import Any

from core import search_tables

POSTGRESQL = {
    "feed_caption_words": "videos_video USING gin "
    "(to_tsvector('simple'::regconfig, COALESCE(caption, '')))",
    "feed_tag_trigrams": "videos_tag USING gin (name gin_trgm_ops)",
    "feed_name_trigrams": "accounts_user USING gin (upper(name::text) gin_trgm_ops)",
}
TABLE = "feed_caption_words"
# ruff: noqa: S608  - every name in these statements is a constant of this module
SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5("
    "video_id UNINDEXED, caption, tokenize='unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_added AFTER INSERT ON videos_video BEGIN "
    f"INSERT INTO {TABLE} (video_id, caption) VALUES (new.id, new.caption); END",
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_gone AFTER DELETE ON videos_video BEGIN "
    f"DELETE FROM {TABLE} WHERE video_id = old.id; END",
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_changed AFTER UPDATE OF caption ON videos_video "
    "WHEN old.caption IS NOT new.caption BEGIN "
    f"DELETE FROM {TABLE} WHERE video_id = old.id; "
    f"INSERT INTO {TABLE} (video_id, caption) VALUES (new.id, new.caption); END",
    f"INSERT INTO {TABLE} (video_id, caption) SELECT id, caption FROM videos_video "
    f"WHERE id NOT IN (SELECT video_id FROM {TABLE})",
)


def ensure(alias: str) -> None:
    """Make what is missing; quick when nothing is."""
    search_tables.ensure(alias, postgresql=POSTGRESQL, sqlite=SQLITE)


def after_migrate(sender: object, *, using: str, **_: Any) -> None:
    """Hear that migrations have run (`post_migrate`)."""
    if search_tables.has_table(using, "videos_video"):
        ensure(using)
