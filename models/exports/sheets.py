"""What a sheet shows: the list, its format, and the language of its headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from models.texts.text import Language


class SheetOf(StrEnum):
    POOL = "POOL"
    PRIVATE_POOL = "PRIVATE_POOL"
    REPORT = "REPORT"
    HISTORY = "HISTORY"


class SheetFormat(StrEnum):
    CSV = "CSV"
    XLSX = "XLSX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`pool_id` is None for a private pool over all pools; the last three are a report's."""

    of: SheetOf
    format: SheetFormat
    language: Language
    pool_id: UUID | None = None
    member_id: UUID | None = None
    customer_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    department_id: UUID | None = None

    def to_json(self) -> dict[str, str]:
        """Return what is given: ids and moments, and nothing of a customer."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return {name: _text(value) for name, value in found.items() if value is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Sheet":
        return cls(**{name: KINDS[name](value) for name, value in stored.items()})


KINDS: dict[str, Any] = {
    "of": SheetOf,
    "format": SheetFormat,
    "language": Language,
    "pool_id": UUID,
    "member_id": UUID,
    "customer_id": UUID,
    "since": datetime.fromisoformat,
    "until": datetime.fromisoformat,
    "department_id": UUID,
}


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
