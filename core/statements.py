"""Statements whose SQL Django makes once, and which are asked again and again with other values.

To write the SQL of a page of cards takes Django several times as long as it takes PostgreSQL to
answer it, and the text is the same for everybody but for some ids and moments. A `Statement` is
built from an ordinary queryset over *stand-ins*, values that nothing real has; where they come out
as parameters of the finished SQL, the values of the moment go in.

PostgreSQL reads and plans such a text longer than it runs it: there the statement is prepared, once
per connection, and executed by its name. Behind a pooler that lends a connection for one
transaction set `DATABASE_PREPARED_STATEMENTS=0`.
"""

import copy
import datetime as dt
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import DateTimeField, Field, QuerySet, UUIDField
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone
from psycopg import sql

Row = TypeVar("Row")
P = ParamSpec("P")
KEPT = 256  # of one maker: some likenesses, modes and widths
Place: TypeAlias = tuple[str, int]
Places: TypeAlias = Mapping[str, UUID | dt.datetime | list[UUID]]
NOW = "now"
# Of lists: a page and one more, a window of three pages, what the recommender tries, a long step.
WIDTHS = (1, 11, 32, 48, 80, 200, 400)
STAND_IN_NOW = dt.datetime(1, 2, 3, 4, 5, 6, 789_000, tzinfo=dt.UTC)
_FIELDS: dict[type, "Field[Any, Any]"] = {UUID: UUIDField(), dt.datetime: DateTimeField()}
_ID_OR_MOMENT = re.compile(r"[0-9a-f]{32}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
_KINDS = {UUID: "uuid", dt.datetime: "timestamptz"}
_kept: list[Callable[[], None]] = []
_numbers = itertools.count(1)
# Which statements each connection has been told.
_known: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()
_making: ContextVar[bool] = ContextVar("making a statement", default=False)


def this_moment() -> dt.datetime:
    """Return the time of this process for a query's parameter: its stand-in in a `Statement`."""
    return STAND_IN_NOW if _making.get() else timezone.now()


def stand_in(number: int) -> UUID:
    """Return an id that no row has: not of a version that is in use."""
    return UUID(int=0xF << 124 | 0x7070 << 64 | number)


def stand_ins(first: int, count: int) -> list[UUID]:
    """Return several of them, from number `first` on."""
    return [stand_in(first + index) for index in range(count)]


def width_for(count: int) -> int:
    """Return how many values a list is made for that is to take `count`: one of a few sizes."""
    return next((width for width in WIDTHS if width >= count), count)


def kept(make: Callable[P, "Statement[Row]"]) -> Callable[P, "Statement[Row]"]:
    """Keep the statements that a function makes, by its arguments."""
    keeping = lru_cache(maxsize=KEPT)(make)
    _kept.append(keeping.cache_clear)
    return keeping  # type: ignore[return-value]  # the cache hides what the arguments are


def forget() -> None:
    """Have every statement made anew: for tests that change a rule."""
    for clear in _kept:
        clear()


class Statement(Generic[Row]):
    """The SQL of `rows`, in which `places` says which stand-ins are to be replaced.

    A place has one stand-in, or a list of them for `__in`: fewer values than that fill it by
    repetition. What the process's clock gives (`core.expressions.RightNow`) is always of now.
    Ids and moments only; everything else is a part of the statement. Raises ValueError for an id or
    moment that is no stand-in (a `timezone.now()` that would stay as it was), and for a place that
    is not in the SQL.
    """

    def __init__(self, rows: "QuerySet[Any, Row]", places: Places) -> None:
        self._rows = rows
        compiler = rows.query.get_compiler(rows.db)
        names: dict[Any, Place] = {self._value(STAND_IN_NOW): (NOW, 0)}
        self._sizes = {NOW: 1}
        for name, given in places.items():
            listed = given if isinstance(given, list) else [given]
            self._sizes[name] = len(listed)
            names |= {self._value(one): (name, index) for index, one in enumerate(listed)}
        making = _making.set(True)
        try:
            self._sql, params = compiler.as_sql()
        except EmptyResultSet:
            self._sql, params = "", ()
        finally:
            _making.reset(making)
        self._compiler = compiler
        # What stays is kept as it is, what is replaced by its place.
        self._params = [(param, _place(param, names)) for param in params]
        missing = set(places) - {place[0] for _, place in self._params if place}
        if missing and self._sql:
            message = f"not parameters of the statement: {sorted(missing)}"
            raise ValueError(message)
        self._prepared = _Prepared(self._sql, self._params)
        left = [param for param, place in self._params if not place and _is_of_today(param)]
        if left:
            message = f"ids or moments without a place: {left}"
            raise ValueError(message)

    def rows(self, **values: UUID | dt.datetime | Sequence[UUID]) -> list[Row]:
        """Ask, with a value for every place, and return what the queryset gives."""
        given: dict[str, list[Any]] = {NOW: [self._value(timezone.now())]}
        for name, value in values.items():
            listed = list(value) if isinstance(value, Sequence) else [value]
            if not 0 < len(listed) <= self._sizes[name]:
                message = f"{name} takes 1 to {self._sizes[name]} values"
                raise ValueError(message)
            listed += listed[-1:] * (self._sizes[name] - len(listed))
            given[name] = [self._value(one) for one in listed]
        params = tuple(given[at[0]][at[1]] if at else param for param, at in self._params)
        found = self._rows.all()
        found.query.get_compiler = partial(self._filled, params)  # type: ignore[method-assign]
        return list(found)

    def _filled(self, params: tuple[Any, ...], using: str, **_: Any) -> SQLCompiler:
        compiler: SQLCompiler = copy.copy(self._compiler)
        compiler.using, compiler.connection = using, connections[using]

        def as_sql(*_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
            if not self._sql:
                raise EmptyResultSet
            if settings.PREPARED_STATEMENTS and compiler.connection.vendor == "postgresql":
                return self._prepared.call(compiler.connection, params)
            return self._sql, params

        compiler.as_sql = as_sql  # type: ignore[method-assign]
        return compiler

    def _value(self, value: UUID | dt.datetime) -> Any:
        """Return a value as this database takes it."""
        connection = connections[self._rows.db]
        return _FIELDS[type(value)].get_db_prep_value(value, connection, prepared=False)


class _Prepared:
    """A statement as connections to PostgreSQL know it: by a name; what varies is `$1`, `$2`."""

    def __init__(self, text: str, params: Sequence[tuple[Any, Place | None]]) -> None:
        self._sql, self._params = text, params
        self._name = f"toptop_{next(_numbers)}"
        self._numbers: dict[Place, int] = {}
        self._first: list[int] = []  # where each `$n` stands among the parameters
        for index, (_, place) in enumerate(params):
            if place and place not in self._numbers:
                self._numbers[place] = len(self._numbers) + 1
                self._first.append(index)

    def call(self, connection: Any, params: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL that executes it, once the connection knows it."""
        connection.ensure_connection()
        raw = connection.connection
        known = _known.setdefault(raw, set())
        if self._name not in known:
            with connection.wrap_database_errors:
                raw.execute(self._text(raw))
            known.add(self._name)
        given = tuple(params[index] for index in self._first)
        return f"EXECUTE {self._name} ({', '.join(['%s'] * len(given))})", given

    def _text(self, raw: Any) -> str:
        """Return `PREPARE ... AS ...`, with what never varies written out."""
        kinds = [_KINDS[type(self._params[index][0])] for index in self._first]
        parts = [
            f"${self._numbers[place]}" if place else sql.Literal(param).as_string(raw)
            for param, place in self._params
        ]
        return f"PREPARE {self._name} ({', '.join(kinds)}) AS {self._sql % tuple(parts)}"


def _is_of_today(param: Any) -> bool:
    """Return whether a parameter is an id or a moment, as SQLite's driver has them too."""
    return isinstance(param, UUID | dt.date) or (
        isinstance(param, str) and bool(_ID_OR_MOMENT.fullmatch(param))
    )


def _place(param: Any, names: Mapping[Any, Place]) -> Place | None:
    return names.get(param) if isinstance(param, str | UUID | dt.datetime) else None
