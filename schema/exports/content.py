"""The content of a sheet: its titles, and its rows in pages."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from models import tables
from models.exports import reading
from models.exports.links import Opened
from models.exports.permission import permit, seen_customer
from models.exports.sheets import Sheet, SheetOf
from models.pools.reports import report
from models.texts.text import Text
from schema.base.context import Context
from schema.customers.contact import hidden_fields
from schema.exports.cells import HELD, POOLED, Cell, held_cells, pooled_cells
from schema.exports.event_cells import HISTORY, event_cells
from schema.exports.report_cells import REPORT, report_cells

Row = TypeVar("Row", tables.Customer, tables.Event)
Pages = AsyncGenerator[list[list[Cell]]]


@dataclass(frozen=True, slots=True)
class Content:
    titles: Sequence[Text]
    pages: Pages


async def content_of(context: Context, opened: Opened) -> Content:
    """Return what the viewer may see of it; each page raises a refusal where they may no more."""
    viewer, sheet, most = context.viewer, opened.sheet, opened.most
    match sheet.of:
        case SheetOf.POOL:
            pages = reading.open_customers(viewer, sheet, most)
            return Content(POOLED, _cells(context, sheet, pages, pooled_cells))
        case SheetOf.PRIVATE_POOL:
            pages = reading.held_customers(viewer, sheet, most)
            return Content(HELD, _cells(context, sheet, pages, held_cells))
        case SheetOf.REPORT:
            return Content(REPORT, _report(context, sheet))
    customer = await seen_customer(viewer, sheet.customer_id)
    return Content(HISTORY, _history(context, sheet, customer, most))


async def _cells(
    context: Context,
    sheet: Sheet,
    pages: AsyncGenerator[Sequence[Row]],
    cells: Callable[[Context, Row], Awaitable[list[Cell]]],
) -> Pages:
    async for page in pages:
        await _look_again(context, sheet)
        yield [await cells(context, each) for each in page]


async def _history(context: Context, sheet: Sheet, customer: tables.Customer, most: int) -> Pages:
    async for page in reading.events(context.viewer, customer, most):
        await _look_again(context, sheet)
        now = await seen_customer(context.viewer, customer.id)
        hidden = await hidden_fields(context, now)
        yield [await event_cells(context, now, hidden, each) for each in page]


async def _report(context: Context, sheet: Sheet) -> Pages:
    assert sheet.since
    assert sheet.until
    period = (sheet.since, sheet.until)
    found = await report(context.viewer, sheet.pool_id, *period, sheet.department_id)
    yield await report_cells(context, found)


async def _look_again(context: Context, sheet: Sheet) -> None:
    """Rights and loaded rows are as of now: a long sheet ends where its rights end."""
    await context.look_again()
    await permit(context.viewer, sheet)
