"""Expressions of SQL that several apps use."""

from collections.abc import Callable
from typing import Any, Self

from django.db.models import (
    DateTimeField,
    Exists,
    Expression,
    IntegerField,
    JSONField,
    QuerySet,
    Subquery,
    Value,
)

from core.statements import this_moment


class RightNow(Expression):
    """This process's time when the SQL is made, so that a condition can be built once and kept.

    The database's own clock would disagree with the moments that this process writes: SQLite's
    stops at milliseconds, and another machine's may be behind.
    """

    def __init__(self) -> None:
        super().__init__(output_field=DateTimeField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return a parameter."""
        sql, values = Value(this_moment(), self.output_field).as_sql(compiler, connection)
        return sql, tuple(values)


class LateRightNow(RightNow):
    """`RightNow` inside of a `KeptExists`: a parameter that is made each time anew."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return a parameter's place and what makes it."""
        return "%s", (lambda: super(LateRightNow, self).as_sql(compiler, connection)[1][0],)


class KeptExists(Exists):
    """`Exists` whose SQL is made once for as long as the query around it is kept and cloned.

    Making it takes Django longer than a database takes to answer. The only parameter that may
    change between two uses is `LateRightNow`.
    """

    _is_resolved = False

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self._made: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Self:
        """Return this with its names resolved, which a lookup around it asks for at every use."""
        if self._is_resolved:
            return self
        resolved = super().resolve_expression(*args, **kwargs)
        resolved._is_resolved = True
        return resolved

    def copy(self) -> Self:
        """Return a copy that may stand under other names, and so has no SQL yet."""
        clone = super().copy()
        clone._made = {}
        return clone

    def as_sql(
        self, compiler: Any, connection: Any, template: str | None = None, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL of the first time with the parameters of now."""
        made = self._made.get(connection.vendor)
        if made is None:
            sql, params = super().as_sql(compiler, connection, template, **extra)
            made = self._made[connection.vendor] = (sql, tuple(params))
        return made[0], tuple(_value(param) for param in made[1])


def _value(param: Any | Callable[[], Any]) -> Any:
    return param() if callable(param) else param


class JsonRows(Subquery):
    """The one column of a queryset as a JSON array, in the queryset's order.

    Null only where Django sees without asking that there are no rows (`none()`).

    The column is an expression that makes JSON (`JSONArray`, `JSONObject`, another `JsonRows`),
    named by `values_list`. So a row brings along what belongs to it, in the same statement.
    """

    output_field = JSONField()
    column = "item"

    def __init__(self, rows: "QuerySet[Any]", item: Expression, **extra: Any) -> None:
        super().__init__(rows.values(**{self.column: item}), **extra)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return a scalar subquery that aggregates."""
        template = "(SELECT COALESCE(jsonb_agg(listed.item), '[]') FROM (%(subquery)s) listed)"
        return super().as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the same; `json` says what SQLite forgets of the columns of a subquery."""
        template = "json((SELECT json_group_array(json(listed.item)) FROM (%(subquery)s) listed))"
        return super().as_sql(compiler, connection, template=template)


class CountRows(Subquery):
    """How many rows a queryset has."""

    output_field = IntegerField()
    empty_result_set_value = 0
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"

    def __init__(self, rows: "QuerySet[Any]", **extra: Any) -> None:
        super().__init__(rows.order_by().values("pk"), **extra)
