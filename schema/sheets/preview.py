"""What an import of an uploaded sheet would do."""

import strawberry

from models.imports.preview import Preview, preview_import
from models.sheets.delimiters import DELIMITERS
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import BULK_SECONDS
from schema.base.fields import field
from schema.base.refusals import InputProblem, input_problems
from schema.sheets.enums import Delimiter, OnExisting, SheetEncoding, SheetField, SheetKind

NAMES = {delimiter: name for name, delimiter in DELIMITERS.items()}


@strawberry.type(description="What an import of the sheet would do now.")
class ImportPreview:
    kind: SheetKind
    encoding: SheetEncoding
    delimiter: Delimiter | None = strawberry.field(description="Null for a spreadsheet.")
    worksheets: list[str] = strawberry.field(
        description="The sheets of a workbook that are shown and have a row, in their order. A text"
        " has none."
    )
    worksheet: str | None = strawberry.field(
        description="The one that was read: as given, else the first that can be."
    )
    header: list[str]
    mapping: list[SheetField | None] = strawberry.field(
        description="The field of each column, as given or as its header tells; null is passed"
        " over. The argument has the same form."
    )
    first_rows: list[list[str]] = strawberry.field(description="The first ten rows as read.")
    rows: int
    created: int
    updated: int
    refused: int
    problems: list[InputProblem] = strawberry.field(
        description="The first 1,000, e.g. at sheet.12.phone."
    )
    unlisted_problems: int


@strawberry.type
class ImportPreviews:
    @field(
        ImportPreview,
        description="What an import of an uploaded sheet would do. Changes nothing, and tells only"
        " of customers that the viewer may see.",
    )
    @staticmethod
    async def preview_import(
        info: Info,
        pool_id: strawberry.ID,
        sheet_id: strawberry.ID,
        worksheet: str | None = None,
        mapping: list[SheetField | None] | None = None,
        on_existing: OnExisting = OnExisting.REFUSE,
    ) -> ImportPreview:
        context = info.context
        context.deadline.extend_to(BULK_SECONDS)
        found = await preview_import(
            context.viewer,
            ids.decode(pool_id, "Pool"),
            ids.decode(sheet_id, "Sheet"),
            values_of(mapping),
            updates=on_existing is OnExisting.UPDATE,
            worksheet=worksheet,
        )
        return _shown(found, info)


def values_of(mapping: list[SheetField | None] | None) -> list[str | None] | None:
    return None if mapping is None else [each.value if each else None for each in mapping]


def _shown(found: Preview, info: Info) -> ImportPreview:
    is_text = found.sheet.kind == SheetKind.CSV
    return ImportPreview(
        kind=SheetKind(found.sheet.kind),
        encoding=SheetEncoding(found.sheet.encoding),
        delimiter=Delimiter(NAMES[found.delimiter]) if is_text else None,
        worksheets=found.sheet.worksheets,
        worksheet=found.sheet.worksheet,
        header=found.header,
        mapping=[SheetField(each) if each else None for each in found.mapping],
        first_rows=found.first,
        rows=found.rows,
        created=found.created,
        updated=found.updated,
        refused=found.refused,
        problems=input_problems(found.problems, info.context.reader),
        unlisted_problems=found.unlisted,
    )
