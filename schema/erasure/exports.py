"""What is stored of a person, as JSON."""

from typing import Annotated, Any

import strawberry

from models.erasure import exports
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import READ_SECONDS
from schema.base.fields import field
from schema.base.mutation import mutation
from schema.base.nodes import shows
from schema.base.refusals import Forbidden, InvalidInput, NotFound
from schema.base.scalars import Cursor

DESCRIPTION = (
    "What is stored of this {whom}, as JSON, with 500 events at a time. Admins only; the ledger"
    " records each export."
)


@strawberry.type
class PersonExport:
    is_type_of = shows(exports.Export)

    json: str

    @field(Cursor | None, description="For the next events: give it as `after`.")
    @staticmethod
    def end_cursor(root: strawberry.Parent[exports.Export]) -> Cursor | None:
        return Cursor(root.end_cursor) if root.end_cursor else None


PersonExportResult = Annotated[
    PersonExport | Forbidden | NotFound | InvalidInput, strawberry.union("PersonExportResult")
]


@strawberry.type
class PersonExports:
    @mutation(
        PersonExportResult, description=DESCRIPTION.format(whom="customer"), seconds=READ_SECONDS
    )
    @staticmethod
    async def export_customer(
        info: Info, customer_id: strawberry.ID, after: Cursor | None = None
    ) -> Any:
        id = ids.decode(customer_id, "Customer")
        return await exports.export_customer(info.context.viewer, id, after)

    @mutation(
        PersonExportResult, description=DESCRIPTION.format(whom="member"), seconds=READ_SECONDS
    )
    @staticmethod
    async def export_member(
        info: Info, member_id: strawberry.ID, after: Cursor | None = None
    ) -> Any:
        id = ids.decode(member_id, "Member")
        return await exports.export_member(info.context.viewer, id, after)
