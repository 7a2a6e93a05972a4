"""Which part of a list a page shows: so many rows behind a cursor, or before one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from models.refusals import InvalidInput
from models.texts.text import Text

MOST = 100
USUAL = 20
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Window:
    """The first `count` behind the cursor; `backward`, the last `count` before it.

    Without a cursor: from the list's beginning, or up to its end.
    """

    count: int = USUAL
    cursor: str | None = None
    backward: bool = False

    @property
    def cursor_name(self) -> str:
        """The argument that clients give the cursor by."""
        return "before" if self.backward else "after"

    def check(self) -> None:
        """Raises InvalidInput where it is for none, or for more than MOST."""
        if not 1 <= self.count <= MOST:
            problem = Text("must be from {least} to {most}", least=1, most=MOST)
            raise InvalidInput.at("last" if self.backward else "first", problem)

    def shown(self, read: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of the page in the list's order.

        `read` are `count` and one more, as far as there are any, the nearest to the cursor first.
        """
        rows = read[: self.count]
        return rows[::-1] if self.backward else rows
