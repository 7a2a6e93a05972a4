"""How many connections this process uses, for its metrics."""

from typing import Any

from tortoise.connection import get_connection

from models.database.connections.places import Usage


def usage() -> Usage | None:
    """None before the first statement."""
    client: Any = get_connection("default")
    return client._pool.usage if client._pool else None
