"""The share of the organizations that a worker serves: SEAPOOL_SHARE."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from uuid import UUID

Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True, slots=True)
class Share:
    """The `number`th of so many `parts`; the ids of the organizations say whose they are."""

    number: int
    parts: int

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Read the form of the setting, such as "1/4"."""
        number, parts = text.split("/")
        return cls(int(number), int(parts))

    def has(self, organization_id: UUID) -> bool:
        return organization_id.int % self.parts == self.number - 1

    def of(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows whose `organization_id` is of the share."""
        return [row for row in rows if self.has(row["organization_id"])]


# Of a worker without a share.
ALL = Share(1, 1)
