import strawberry

from models import alerts, tables
from schema.administration import Administration
from schema.calendars import Calendars
from schema.context import Info
from schema.extensions import Extensions
from schema.locks import Locks
from schema.members import Member
from schema.ownership import Ownership
from schema.registration import Registration
from schema.scalars import Cursor
from schema.undoing import Undoing
from schema.verbs import mutation
from schema.webhooks import Webhooks
from schema.work import Work


@strawberry.type
class Mutation(
    Ownership,
    Work,
    Administration,
    Calendars,
    Registration,
    Webhooks,
    Locks,
    Extensions,
    Undoing,
):
    @mutation(
        Member,
        description="All alerts up to this one are read.",
    )
    @staticmethod
    async def read_alerts(info: Info, up_to: Cursor) -> tables.Member:
        await alerts.read_up_to(info.context.viewer, up_to)
        return info.context.viewer.member
