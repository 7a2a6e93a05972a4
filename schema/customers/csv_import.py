"""The mutation that imports customers from CSV."""

from typing import Annotated

import strawberry

from models.customers import csv_import
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import IMPORT_SECONDS
from schema.base.mutation import mutation
from schema.base.refusals import Forbidden, InvalidInput, NotFound


@strawberry.type
class Imported:
    count: int


ImportResult = Annotated[
    Imported | Forbidden | NotFound | InvalidInput, strawberry.union("ImportResult")
]


@strawberry.type
class CsvImport:
    @mutation(
        ImportResult,
        description="Puts customers into a pool, unowned: a CSV text with a header row."
        " Nothing is imported if any row is bad.\nCommas, semicolons or tabs separate its cells."
        " A column that is no field of a customer is an error, unless ignoreOtherColumns.",
        seconds=IMPORT_SECONDS,
    )
    @staticmethod
    async def import_customers(
        info: Info, pool_id: strawberry.ID, csv: str, ignore_other_columns: bool = False
    ) -> Imported:
        pool, viewer = ids.decode(pool_id, "Pool"), info.context.viewer
        count = await csv_import.import_customers(
            viewer, pool, csv, ignore_others=ignore_other_columns
        )
        return Imported(count=count)
