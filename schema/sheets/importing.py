"""The mutation that imports an uploaded sheet."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from models.imports.order import Order
from models.imports.sheet_import import import_sheet, import_with_key
from models.ledger import outcomes
from models.ledger.outcomes import Outcome
from schema.base import ids
from schema.base.context import Context, Info
from schema.base.deadline import IMPORT_SECONDS
from schema.base.fields import field
from schema.base.mutation import mutation
from schema.base.nodes import shows
from schema.base.refusals import Forbidden, InvalidInput, NotFound
from schema.sheets.enums import ImportMode, OnExisting, SheetField
from schema.sheets.preview import values_of


@strawberry.type(description="How many rows made a customer, changed one, or did neither.")
class SheetImported:
    is_type_of = shows(outcomes.SheetImported)
    created: int
    updated: int
    refused: int

    @field(
        strawberry.ID | None,
        description="The sheet of the refused rows, with a column of their problems:"
        " GET /sheets/ and this id.",
    )
    @staticmethod
    def bad_rows(root: strawberry.Parent[outcomes.SheetImported]) -> strawberry.ID | None:
        return ids.encode("Sheet", UUID(root.bad_rows)) if root.bad_rows else None


SheetImportResult = Annotated[
    SheetImported | Forbidden | NotFound | InvalidInput, strawberry.union("SheetImportResult")
]


def _order(
    pool_id: strawberry.ID,
    sheet_id: strawberry.ID,
    worksheet: str | None = None,
    mapping: list[SheetField | None] | None = None,
    mode: ImportMode = ImportMode.ALL_OR_NOTHING,
    on_existing: OnExisting = OnExisting.REFUSE,
) -> Order:
    return Order(
        ids.decode(pool_id, "Pool"),
        ids.decode(sheet_id, "Sheet"),
        worksheet,
        values_of(mapping),
        good_rows=mode is ImportMode.GOOD_ROWS,
        updates=on_existing is OnExisting.UPDATE,
    )


async def _with_key(context: Context, key: str, request: list[Any], **given: Any) -> Outcome:
    return await import_with_key(context.viewer, key, request, _order(**given), context.reader)


@strawberry.type
class SheetImports:
    @mutation(
        SheetImportResult,
        description="Puts the rows of an uploaded sheet into a pool, unowned: all of them or none,"
        " or only the good ones.",
        idempotent=True,
        keyed=_with_key,
        seconds=IMPORT_SECONDS,
    )
    @staticmethod
    async def import_sheet(
        info: Info,
        pool_id: strawberry.ID,
        sheet_id: strawberry.ID,
        worksheet: str | None = None,
        mapping: list[SheetField | None] | None = None,
        mode: ImportMode = ImportMode.ALL_OR_NOTHING,
        on_existing: OnExisting = OnExisting.REFUSE,
    ) -> outcomes.SheetImported:
        order = _order(pool_id, sheet_id, worksheet, mapping, mode, on_existing)
        return await import_sheet(info.context.viewer, order, info.context.reader)
