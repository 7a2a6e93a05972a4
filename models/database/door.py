"""The one door to Tortoise's inside: rows of raw SQL as models."""

from typing import Any, TypeVar

from tortoise.models import Model

from models.database.statements import rows

Row = TypeVar("Row", bound=Model)


async def models(model: type[Row], sql: str, *values: Any) -> list[Row]:
    """Return the statement's rows as instances of `model`.

    The rows must have all columns of `model`, and may have more.
    """
    return [as_model(model, row) for row in await rows(sql, *values)]


def as_model(model: type[Row], row: dict[str, Any]) -> Row:
    """Return one row that a statement answered as an instance of `model`."""
    return model._init_from_db(**row)
