"""The one door to Tortoise's inside: rows of raw SQL as models.

Tortoise's own way converts each value to what asyncpg has made it already. Only JSON is text yet.
"""

import json
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from tortoise.fields import JSONField
from tortoise.models import Model

from models.database.statements import records

Row = TypeVar("Row", bound=Model)
# What Tortoise keeps of an instance that came from the database.
FROM_DATABASE = {"_partial": False, "_saved_in_db": True, "_custom_generated_pk": True}


async def models(model: type[Row], sql: str, *values: Any) -> list[Row]:
    """Return the statement's rows as instances of `model`.

    The rows must have all columns of `model`, and may have more.
    """
    return [as_model(model, row) for row in await records(sql, *values)]


async def rows_by_id(
    model: type[Row], organization_id: UUID, ids: Collection[UUID]
) -> dict[UUID, Row]:
    """Return those of an organization's rows by their ids."""
    found = await models(model, _by_id(model), organization_id, list(ids)) if ids else []
    return {row.pk: row for row in found}


@cache
def _by_id(model: type[Model]) -> str:
    columns = ", ".join(model._meta.fields_db_projection.values())
    table = model._meta.db_table
    return f"SELECT {columns} FROM {table} WHERE organization_id = $1 AND id = ANY($2)"


def as_model(model: type[Row], row: Mapping[str, Any]) -> Row:
    """Return one row that a statement answered as an instance of `model`."""
    made: Row = _reader(model)(row)
    return made


@cache
def _reader(model: type[Row]) -> Callable[[Mapping[str, Any]], Row]:
    fields = model._meta.fields_map
    columns = model._meta.fields_db_projection
    plain = [(name, column) for name, column in columns.items()]
    texts = [name for name in columns if isinstance(fields[name], JSONField)]

    def read(row: Mapping[str, Any]) -> Row:
        values = {name: row[column] for name, column in plain}
        for name in texts:
            if values[name] is not None:
                values[name] = json.loads(values[name])
        values |= FROM_DATABASE
        values["_await_when_save"] = {}
        made = model.__new__(model)
        object.__setattr__(made, "__dict__", values)
        return made

    return read
