"""Importing a sheet into a pool: all rows or none, or the good ones."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.csv_known import Known, known_keys
from models.customers.csv_writing import insert
from models.holding import alarms
from models.imports import planning, stored
from models.imports.bad_rows import sheet_of_bad
from models.imports.opening import mapped, opened
from models.imports.order import Order, plan_of
from models.imports.paths import named_sheet
from models.imports.progress import Progress, telling
from models.imports.updating import Changed, update_all
from models.ledger import idempotency
from models.ledger.outcomes import Outcome, SheetImported
from models.refusals import InvalidInput
from models.sheets.collecting import full_collections_wait
from models.texts.text import Reader
from models.viewers import Viewer, administered_pool

Act = Callable[[], Awaitable[SheetImported]]


async def import_sheet(viewer: Viewer, order: Order, reader: Reader) -> SheetImported:
    """Raises InvalidInput with the problems of bad rows, unless the good ones are wanted."""
    return await _import(viewer, order, reader, _in_transaction)


async def import_with_key(
    viewer: Viewer, key: str, request: list[Any], order: Order, reader: Reader
) -> Outcome:
    """The same, or the key's first answer. Rows are checked before the key's transaction begins."""

    async def once(act: Act) -> SheetImported:
        async def answers() -> list[Outcome]:
            return [await act()]

        (answer,) = await idempotency.idempotent(viewer, key, request, answers)
        assert isinstance(answer, SheetImported)
        return answer

    if answered := await idempotency.answered(viewer, key, request):
        return answered[0]
    return await _import(viewer, order, reader, once)


async def _in_transaction(act: Act) -> SheetImported:
    async def whole() -> SheetImported:
        async with database.transaction():
            return await act()

    return await database.with_retries(whole)


async def _import(
    viewer: Viewer,
    order: Order,
    reader: Reader,
    once: Callable[[Act], Awaitable[SheetImported]],
) -> SheetImported:
    pool = await administered_pool(viewer, order.pool_id)
    sheet = await stored.read(viewer, order.sheet_id, order.worksheet)
    blocking = viewer.organization.duplicate_keys
    with named_sheet(), full_collections_wait():
        async with telling(viewer, sheet.id) as told:
            found = await asyncio.to_thread(opened, sheet)
            columns, wrong = mapped(found, order.mapping)
            if wrong:
                raise InvalidInput(wrong)
            check = partial(planning.read, found, columns, blocking, told)
            reading = await asyncio.to_thread(check)
            tries = 0
            while True:
                known = await known_keys(viewer, reading.rows)
                plan = await plan_of(viewer, order, reading, known)
                write = partial(sheet_of_bad, found, columns, plan.problems, reader)
                bad = await asyncio.to_thread(write) if plan.problems else ""
                told.written = 0
                act = partial(_write, viewer, pool.id, plan, known, bad, told)
                try:
                    return await once(act)
                except (IntegrityError, Changed):
                    if (tries := tries + 1) == 2:
                        raise


async def _write(
    viewer: Viewer,
    pool_id: UUID,
    plan: planning.Plan,
    known: Known,
    bad: str,
    told: Progress,
) -> SheetImported:
    """In the open transaction, so that a kill leaves nothing half done."""
    await insert(viewer, pool_id, plan.created, known, told.wrote)
    updated = await update_all(viewer, plan.updated, known, told.wrote) if plan.updated else 0
    kept = await stored.keep(viewer, "UTF_8", bad) if bad else None
    await alarms.ring()
    return SheetImported(
        len(plan.created), updated, len(plan.bad_lines), str(kept.id) if kept else None
    )
