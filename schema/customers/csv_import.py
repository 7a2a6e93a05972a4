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
        " Nothing is imported if any row is bad.",
        seconds=IMPORT_SECONDS,
    )
    @staticmethod
    async def import_customers(info: Info, pool_id: strawberry.ID, csv: str) -> Imported:
        pool = ids.decode(pool_id, "Pool")
        count = await csv_import.import_customers(info.context.viewer, pool, csv)
        return Imported(count=count)
