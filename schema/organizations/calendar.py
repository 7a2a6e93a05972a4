"""The organization's calendar: which days are working days."""

from datetime import date
from typing import Annotated, Any

import strawberry

from models.organizations.calendar import calendar_year, set_calendar
from schema.base.context import Info
from schema.base.mutation import mutation
from schema.base.refusals import Forbidden, InvalidInput


@strawberry.type(description="Weekends are days off; these are the other days, as they hold.")
class Calendar:
    year: int
    holidays: list[date]
    working_weekends: list[date]
    own_holidays: list[date] = strawberry.field(description="Set by the organization itself.")
    own_working_weekends: list[date]
    published: bool = strawberry.field(
        description="False while the public holidays of the year are not known: until then only"
        " weekends and the organization's own days count."
    )


@strawberry.type
class CalendarSaved:
    calendar: Calendar


CalendarResult = Annotated[
    CalendarSaved | Forbidden | InvalidInput, strawberry.union("CalendarResult")
]


@strawberry.type
class Calendars:
    @mutation(
        CalendarResult,
        description="The organization's own days of a year, over the public ones; in place of"
        " those it had. Admins only.",
        regards_access=True,
    )
    @staticmethod
    async def set_calendar(
        info: Info, year: int, holidays: list[date], working_weekends: list[date]
    ) -> Any:
        await set_calendar(info.context.viewer, year, holidays, working_weekends)
        await info.context.look_again()
        saved: Any = calendar_year(info.context.viewer.organization, year)
        return CalendarSaved(calendar=saved)
