"""What sockets can do: registered by the apps above in `AppConfig.ready`, run in threads."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose socket asks: `user` is read anew for operations that write."""

    user: Any
    session_id: UUID
    connection: str


class Identity(Protocol):
    """Who a socket speaks for."""

    @property
    def session_id(self) -> UUID:
        """The device session."""

    @property
    def user(self) -> Any:
        """The person."""


Operation: TypeAlias = Callable[[Caller, Mapping[str, Any]], Mapping[str, Any] | None]
Hook: TypeAlias = Callable[[UUID, str], None]


@dataclass
class Doors:
    """Everything that the gateway calls; each runs in a thread and may use the database."""

    cookie: Callable[[Mapping[str, str]], Identity | None] | None = None
    secret: Callable[[Mapping[str, Any]], Identity | None] | None = None
    find: Callable[[UUID], Identity | None] | None = None
    alive: Callable[[Collection[UUID]], set[UUID]] | None = None
    operations: dict[str, Operation] = field(default_factory=dict)
    opened: list[Hook] = field(default_factory=list)
    beat: list[Hook] = field(default_factory=list)
    closed: list[Hook] = field(default_factory=list)
    regular: list[Callable[[], object]] = field(default_factory=list)


doors = Doors()


def register(name: str, operation: Operation) -> None:
    """Let sockets call `operation` as `{op: name}`; call it in `AppConfig.ready`."""
    doors.operations[name] = operation
