"""The organization's calendar: which days are working days."""

from datetime import date
from typing import Annotated

import strawberry

from models.organizations.calendar import CalendarYear, calendar_year, set_calendar
from schema.base.context import Info
from schema.base.deadline import BULK_SECONDS
from schema.base.mutation import mutation
from schema.base.refusals import Forbidden, InvalidInput


@strawberry.type(description="Weekends are days off; these days are the exceptions in force.")
class Calendar:
    year: int
    holidays: list[date]
    working_weekends: list[date]
    own_holidays: list[date] = strawberry.field(description="Set by the organization itself.")
    own_working_weekends: list[date]
    published: bool = strawberry.field(
        description="False until the year's public holidays are published: until then only weekends"
        " and the organization's own days count."
    )


@strawberry.type
class CalendarSaved:
    calendar: CalendarYear = strawberry.field(graphql_type=Calendar)


CalendarResult = Annotated[
    CalendarSaved | Forbidden | InvalidInput, strawberry.union("CalendarResult")
]


@strawberry.type
class Calendars:
    @mutation(
        CalendarResult,
        description="Replace the organization's own days of a year; they override the public ones."
        " Admins only.",
        seconds=BULK_SECONDS,
    )
    @staticmethod
    async def set_calendar(
        info: Info, year: int, holidays: list[date], working_weekends: list[date]
    ) -> CalendarSaved:
        await set_calendar(info.context.viewer, year, holidays, working_weekends)
        await info.context.look_again()
        saved = calendar_year(info.context.viewer.organization, year)
        return CalendarSaved(calendar=saved)
