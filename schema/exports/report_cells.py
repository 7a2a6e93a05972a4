"""What stands in the cells of a pool's report: the whole pool first, then each member."""

from models.exports.words import REASONS
from models.pools.reports import Report
from models.texts.text import Text, render
from schema.base.context import Context
from schema.exports.cells import Cell

REPORT = (
    Text("Member"),
    Text("Claims"),
    Text("Releases"),
    Text("Deals"),
    Text("Held now"),
    Text("Conversion"),
    Text("Median hold, days"),
    *REASONS.values(),
)
WHOLE = Text("Whole pool")
SECONDS_A_DAY = 86_400


async def report_cells(context: Context, report: Report) -> list[list[Cell]]:
    by_reason = {each.reason: each.count for each in report.releases}
    hold = report.median_hold
    whole: list[Cell] = [
        render(WHOLE, context.reader),
        report.claims,
        sum(by_reason.values()),
        report.deals,
        sum(each.held for each in report.members),
        report.conversion,
        None if hold is None else round(hold.length.total_seconds() / SECONDS_A_DAY, 2),
        *(by_reason.get(reason, 0) for reason in REASONS),
    ]
    found = await context.loaders.members.load_many(each.member_id for each in report.members)
    names = [each.name if each else None for each in found]
    members: list[list[Cell]] = [
        [name, each.claims, each.releases, each.deals, each.held]
        for name, each in zip(names, report.members, strict=True)
    ]
    return [whole, *members]
