"""The one door to Tortoise's inside: rows of raw SQL as models.

Tortoise's own way converts each value to what asyncpg has made it already. Only JSON is text yet.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from tortoise.fields import JSONField
from tortoise.fields.data import JSON_LOADS
from tortoise.models import Model

from models.database.statements import records

Row = TypeVar("Row", bound=Model)
NOTHING: Mapping[str, Any] = {}
# What Tortoise keeps of an instance that came from the database.
FROM_DATABASE = {
    "_partial": False,
    "_saved_in_db": True,
    "_custom_generated_pk": True,
    "_await_when_save": None,
}


async def models(model: type[Row], sql: str, *values: Any) -> list[Row]:
    """Return the statement's rows as instances of `model`.

    The rows must have all columns of `model`, and may have more.
    """
    return as_models(model, await records(sql, *values))


async def rows_by_id(
    model: type[Row], organization_id: UUID, ids: Collection[UUID]
) -> dict[UUID, Row]:
    """Return those of an organization's rows by their ids."""
    found = await models(model, _by_id(model), organization_id, list(ids)) if ids else []
    return {row.pk: row for row in found}


@cache
def _by_id(model: type[Model]) -> str:
    own = ", ".join(model._meta.fields_db_projection.values()), f"{model._meta.db_table} c"
    columns, source = getattr(model, "read_as", own)
    return f"SELECT {columns} FROM {source} WHERE c.organization_id = $1 AND c.id = ANY($2)"


def as_model(model: type[Row], row: Mapping[str, Any]) -> Row:
    """Return one row that a statement answered as an instance of `model`."""
    (made,) = as_models(model, [row])
    return made


def as_models(
    model: type[Row], rows: Sequence[Mapping[str, Any]], known: Mapping[str, Any] = NOTHING
) -> list[Row]:
    """Return the rows of one statement as instances of `model`.

    `known` are the values that all of them have, which the statement need not read.
    """
    if not rows:
        return []
    read = _reader(model, type(rows[0]), tuple(rows[0].keys()), tuple(known))
    # A copy has room for all values: it need not grow.
    blank = {**_blank(model), **known} if known else _blank(model)
    return [read(row, blank.copy()) for row in rows]


@cache
def _blank(model: type[Model]) -> dict[str, Any]:
    return dict.fromkeys(model._meta.fields_db_projection) | FROM_DATABASE


@cache
def _reader(
    model: type[Row], kind: type[Any], keys: tuple[str, ...], known: tuple[str, ...]
) -> Callable[[Mapping[str, Any], dict[str, Any]], Row]:
    """Return what reads rows of this kind with these columns into a blank one."""
    columns, decoders = model._meta.fields_db_projection, _decoders(model)
    place_of = {key: n for n, key in enumerate(keys)}
    names = sorted(columns.keys() - known, key=lambda name: place_of[columns[name]])
    is_dict = issubclass(kind, dict)
    # A record finds a column sooner by its place than by its name.
    fill = _filler(names, [columns[n] if is_dict else place_of[columns[n]] for n in names])

    def read(row: Mapping[str, Any], values: dict[str, Any]) -> Row:
        fill(row, values)
        for name, decode in decoders:
            if values[name] is not None:
                values[name] = decode(values[name])
        values["_await_when_save"] = {}
        made = model.__new__(model)
        object.__setattr__(made, "__dict__", values)
        return made

    return read


def _filler(names: Sequence[str], places: Sequence[str | int]) -> Callable[..., None]:
    """Return what puts the values at these places of a row under these names.

    Its code is made for them, as that of a dataclass: `update` takes twice as long.
    """
    targets = ", ".join(f"values[{name!r}]" for name in names)
    if list(places) == list(range(len(places))):
        body = f"({targets},) = row[:{len(places)}]"
    else:
        body = f"{targets} = {', '.join(f'row[{place!r}]' for place in places)}"
    made: dict[str, Callable[..., None]] = {}
    exec(f"def fill(row, values):\n    {body}", made)
    return made["fill"]


def _decoders(model: type[Model]) -> list[tuple[str, Callable[[str], Any]]]:
    """Of the columns that are JSON; Tortoise's usual one would round long numbers."""
    found: list[tuple[str, Callable[[str], Any]]] = []
    for name in model._meta.fields_db_projection:
        field = model._meta.fields_map[name]
        if isinstance(field, JSONField):
            found.append((name, json.loads if field.decoder is JSON_LOADS else field.decoder))
    return found
