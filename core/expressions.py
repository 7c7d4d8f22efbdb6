"""Expressions of SQL that several apps use."""

from typing import Any

from django.db.models import DateTimeField, Expression, Value
from django.utils import timezone


class RightNow(Expression):
    """This process's time when the SQL is made, so that a condition can be built once and kept.

    The database's own clock would disagree with the moments that this process writes: SQLite's
    stops at milliseconds, and another machine's may be behind.
    """

    def __init__(self) -> None:
        super().__init__(output_field=DateTimeField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return a parameter."""
        sql, values = Value(timezone.now(), self.output_field).as_sql(compiler, connection)
        return sql, tuple(values)
