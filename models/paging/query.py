"""The values of one tenant's statement."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from models import database


class Query:
    """The values of a statement, numbered as they are added; $1 is the organization."""

    def __init__(self, organization_id: UUID, *values: Any) -> None:
        self.values: list[Any] = [organization_id, *values]
        self.needs_custom_plan = False
        self.from_standby = False

    def add(self, value: Any) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    async def rows(self, sql: str) -> Sequence[Mapping[str, Any]]:
        if self.needs_custom_plan:
            return await database.rows_search(sql, *self.values)
        ask = database.records_of_standby if self.from_standby else database.records
        return await ask(sql, *self.values)
