"""Indexes that only search reads, by vendor: what both apps with a full-text search have in common.

Django does not know of them, and makes a table anew when it alters one on SQLite, whose triggers
do not come along: their owner asks for them in a migration and again after every `migrate`.
"""

from collections.abc import Mapping, Sequence

from django.db import connections

EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"


def ensure(alias: str, *, postgresql: Mapping[str, str], sqlite: Sequence[str]) -> None:
    """Make what is missing; quick when nothing is.

    `postgresql` are indexes by name (what follows ON), `sqlite` statements that may run again.
    """
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            for statement in sqlite:
                cursor.execute(statement)
            return
        for name, definition in postgresql.items():
            cursor.execute("SELECT to_regclass(%s) IS NULL", [name])
            if cursor.fetchone()[0]:
                cursor.execute(EXTENSION)
                cursor.execute(f"CREATE INDEX {name} ON {definition}")


def has_table(alias: str, name: str) -> bool:
    """Return whether a table is there already (`post_migrate` may run before its migration)."""
    return name in connections[alias].introspection.table_names()
