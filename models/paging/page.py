"""A page of a list, as the specification of Relay's cursor connections describes it."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Node = TypeVar("Node")
Other = TypeVar("Other")


def _no_cursor(_n: int) -> str:
    raise IndexError("an empty page has no cursors")


@dataclass(frozen=True, slots=True)
class Edge(Generic[Node]):
    """A node at its place in a list."""

    node: Node
    _n: int
    _cursor_at: Callable[[int], str]

    @property
    def cursor(self) -> str:
        return self._cursor_at(self._n)


@dataclass(frozen=True, slots=True)
class Page(Generic[Node]):
    """Nodes in the order of their list. A cursor is made when somebody asks for it.

    `has_more` says whether the list goes on where the page was read to. `beyond` looks whether it
    has rows on the other side, which takes a statement; None where the page is at that end.
    """

    nodes: list[Node]
    has_more: bool = False
    backward: bool = False
    cursor_at: Callable[[int], str] = field(default=_no_cursor, compare=False)
    beyond: Callable[[], Awaitable[bool]] | None = field(default=None, compare=False)

    @property
    def edges(self) -> list[Edge[Node]]:
        return [Edge(node, n, self.cursor_at) for n, node in enumerate(self.nodes)]

    @property
    def has_next(self) -> bool | Awaitable[bool]:
        return self._is_beyond() if self.backward else self.has_more

    @property
    def has_previous(self) -> bool | Awaitable[bool]:
        return self.has_more if self.backward else self._is_beyond()

    @property
    def start_cursor(self) -> str | None:
        return self.cursor_at(0) if self.nodes else None

    @property
    def end_cursor(self) -> str | None:
        return self.cursor_at(len(self.nodes) - 1) if self.nodes else None

    def showing(self, nodes: Iterable[Other]) -> "Page[Other]":
        """The same page; each node is shown as another."""
        return Page(list(nodes), self.has_more, self.backward, self.cursor_at, self.beyond)

    def _is_beyond(self) -> bool | Awaitable[bool]:
        return self.beyond() if self.beyond else False
