"""Importing customers from a CSV text into a pool: all of them or none."""

import asyncio
from collections.abc import Collection
from functools import partial
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.csv_hidden import refuse_hidden
from models.customers.csv_known import Known, known_keys, refuse_known
from models.customers.csv_parsing import Row, parse
from models.customers.csv_writing import insert
from models.holding import alarms
from models.sheets.collecting import full_collections_wait
from models.viewers import Viewer, administered_pool


async def import_customers(
    viewer: Viewer, pool_id: UUID | None, csv: str, *, ignore_others: bool = False
) -> int:
    """Return how many were imported; raises InvalidInput with the line and column of bad rows."""
    pool = await administered_pool(viewer, pool_id)
    blocking = viewer.organization.duplicate_keys
    with full_collections_wait():
        rows = await asyncio.to_thread(partial(parse, csv, blocking, ignore_others=ignore_others))
        tries = 0
        while True:
            known = await known_keys(viewer, rows)
            await refuse_hidden(viewer, rows, known, partial(_refuse, rows, blocking))
            act = partial(_insert, viewer, pool.id, rows, known)
            try:
                return await database.with_retries(act)
            except IntegrityError:
                if (tries := tries + 1) == 2:
                    raise


async def _refuse(rows: list[Row], blocking: Collection[str], known: Known) -> None:
    await asyncio.to_thread(refuse_known, rows, known, blocking)


async def _insert(viewer: Viewer, pool_id: UUID, rows: list[Row], known: Known) -> int:
    async with database.transaction():
        await insert(viewer, pool_id, rows, known)
        await alarms.ring()
    return len(rows)
