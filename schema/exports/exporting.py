"""Asking for sheets, and how many customers a member may export."""

from datetime import datetime
from typing import Annotated

import strawberry

from models.exports import asking
from models.exports.limit import set_export_limit
from models.exports.sheets import Sheet, SheetFormat, SheetOf
from schema.base import ids
from schema.base.context import Info
from schema.base.mutation import mutation
from schema.base.refusals import ExportLimitReached, Forbidden, InvalidInput, NotFound
from schema.organizations.duplicate_settings import OrganizationResult, OrganizationSaved, saved

strawberry.enum(SheetFormat)


@strawberry.type
class SheetReady:
    url: str = strawberry.field(
        description="GET it, without a token, from the address of this API: it is signed."
    )
    expires_at: datetime
    rows: int | None = strawberry.field(
        description="How many rows it has at most; null for a report."
    )


ExportResult = Annotated[
    SheetReady | ExportLimitReached | Forbidden | NotFound | InvalidInput,
    strawberry.union("ExportResult"),
]


async def _ready(info: Info, sheet: Sheet) -> SheetReady:
    ready = await asking.ask_for(info.context.viewer, sheet)
    return SheetReady(url=f"/exports/{ready.link}", expires_at=ready.expires_at, rows=ready.rows)


@strawberry.type
class Exports:
    @mutation(ExportResult, description="The open customers of a pool, as its page shows them.")
    @staticmethod
    async def export_pool(info: Info, pool_id: strawberry.ID, format: SheetFormat) -> SheetReady:
        language = info.context.reader.language
        pool = ids.decode(pool_id, "Pool")
        sheet = Sheet(of=SheetOf.POOL, format=format, language=language, pool_id=pool)
        return await _ready(info, sheet)

    @mutation(
        ExportResult,
        description="What a member holds, in one pool or in all; the viewer without `memberId`.",
    )
    @staticmethod
    async def export_private_pool(
        info: Info,
        format: SheetFormat,
        member_id: strawberry.ID | None = None,
        pool_id: strawberry.ID | None = None,
    ) -> SheetReady:
        sheet = Sheet(
            of=SheetOf.PRIVATE_POOL,
            format=format,
            language=info.context.reader.language,
            member_id=ids.decode_given(member_id, "Member") or info.context.viewer.id,
            pool_id=ids.decode_given(pool_id, "Pool"),
        )
        return await _ready(info, sheet)

    @mutation(ExportResult, description="Every event of a customer's life, newest first.")
    @staticmethod
    async def export_history(
        info: Info, customer_id: strawberry.ID, format: SheetFormat
    ) -> SheetReady:
        language = info.context.reader.language
        customer = ids.decode(customer_id, "Customer")
        sheet = Sheet(of=SheetOf.HISTORY, format=format, language=language, customer_id=customer)
        return await _ready(info, sheet)

    @mutation(
        ExportResult,
        description="What `poolReport` tells: the whole pool, then each member."
        " Pool administrators only.",
    )
    @staticmethod
    async def export_pool_report(
        info: Info,
        pool_id: strawberry.ID,
        since: Annotated[datetime, strawberry.argument(name="from")],
        until: Annotated[datetime, strawberry.argument(name="to")],
        format: SheetFormat,
        department_id: strawberry.ID | None = None,
    ) -> SheetReady:
        sheet = Sheet(
            of=SheetOf.REPORT,
            format=format,
            language=info.context.reader.language,
            pool_id=ids.decode(pool_id, "Pool"),
            since=since,
            until=until,
            department_id=ids.decode_given(department_id, "Department"),
        )
        return await _ready(info, sheet)

    @mutation(
        OrganizationResult,
        description="How many customers a member may export a day from pools that others"
        " administer, 0 to 1,000,000. Admins only.",
    )
    @staticmethod
    async def set_export_limit(info: Info, per_day: int) -> OrganizationSaved:
        await set_export_limit(info.context.viewer, per_day)
        return await saved(info)
