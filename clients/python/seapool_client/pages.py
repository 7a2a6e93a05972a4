"""All rows of a list, page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Protocol, TypeVar


class Row(Protocol):
    id: str


class PageInfo(Protocol):
    has_next_page: bool
    end_cursor: str | None


RowType = TypeVar("RowType", bound=Row, covariant=True)


class Connection(Protocol[RowType]):
    @property
    def nodes(self) -> Sequence[RowType]: ...
    @property
    def page_info(self) -> PageInfo: ...


async def rows(
    read: Callable[[str | None], Awaitable[Connection[RowType]]],
) -> AsyncIterator[RowType]:
    """The rows behind each page's end; `read` gets the cursor of the page before.

    A row that moves while the list is read may come again: it is left out. One that moves before
    the cursor is missed, so read the list again to be exact.
    """
    seen: set[str] = set()
    after: str | None = None
    while True:
        page = await read(after)
        for row in page.nodes:
            if row.id not in seen:
                yield row
            seen.add(row.id)
        after = page.page_info.end_cursor
        if not page.page_info.has_next_page or after is None:
            return
