"""All mutations."""

import strawberry

from models import tables
from models.alerts import inbox
from schema.base.context import Info
from schema.base.mutation import mutation
from schema.base.scalars import Cursor
from schema.channels.mutations import Channels
from schema.customers.csv_import import CsvImport
from schema.customers.deals import Deals
from schema.customers.extensions import Extensions
from schema.customers.keys import Keys
from schema.customers.locks import Locks
from schema.customers.merging import Merging
from schema.customers.ownership import Ownership
from schema.customers.registration import Registration
from schema.customers.work import Work
from schema.erasure.erasing import Erasing
from schema.erasure.exports import PersonExports
from schema.exports.exporting import Exports
from schema.organizations.absences import AbsenceChanges
from schema.organizations.administration import Administration
from schema.organizations.calendar import Calendars
from schema.organizations.duplicate_settings import DuplicateSettings
from schema.organizations.hand_over import HandOver
from schema.organizations.members import Member
from schema.organizations.quiet_hours import QuietHoursSetting
from schema.pools.pool_changes import PoolChanges
from schema.pools.undo import Undoing
from schema.sheets.importing import SheetImports
from schema.webhook_pings import WebhookPings
from schema.webhooks import Webhooks


@strawberry.type
class Mutation(
    Ownership,
    Work,
    Administration,
    HandOver,
    AbsenceChanges,
    PoolChanges,
    CsvImport,
    SheetImports,
    Calendars,
    DuplicateSettings,
    Registration,
    Webhooks,
    WebhookPings,
    Channels,
    QuietHoursSetting,
    Locks,
    Keys,
    Merging,
    Erasing,
    PersonExports,
    Extensions,
    Deals,
    Undoing,
    Exports,
):
    @mutation(
        Member,
        description="Mark the viewer's alerts up to this one as read.",
    )
    @staticmethod
    async def read_alerts(info: Info, up_to: Cursor) -> tables.Member:
        await inbox.read_up_to(info.context.viewer, up_to)
        return info.context.viewer.member
