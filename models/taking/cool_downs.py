"""Until when a member can't claim a customer that they lost."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from models import database
from models.rules.calendars import Calendar
from models.rules.durations import Span
from models.rules.holidays import stored_calendar
from models.rules.rules import Rules, parsed_rules
from models.tables import CALENDAR_COLUMNS
from models.viewers import Viewer

# For a statement of the organization $1, with a customer `c` and a member `w.member_id`: when the
# member lost the customer, each time, and the cool-down of the pool that it was lost from, by that
# pool's present rules.
LOSSES = """
LEFT JOIN LATERAL (
  SELECT array_agg(e.at) AS lost_at, array_agg(f.rules ->> 'reclaim_cooldown') AS cool_downs,
    array_agg((f.rules ->> 'working_days')::boolean) AS cool_down_works
  FROM event e JOIN pool f ON f.organization_id = e.organization_id
    AND f.id = coalesce((e.details ->> 'from_pool')::uuid, e.pool_id)
  WHERE e.organization_id = $1 AND e.customer_id = c.id
    AND e.former_id = w.member_id
) AS losses ON true
"""
NO_LOSS = {"lost_at": None, "cool_downs": None, "cool_down_works": None}
COOLING = f"""
SELECT c.id, p.rules, {CALENDAR_COLUMNS}, clock_timestamp() AS now, losses.*
FROM unnest($2::uuid[]) AS wanted(customer_id) CROSS JOIN (SELECT $3::uuid AS member_id) AS w
JOIN customer c ON c.organization_id = $1 AND c.id = wanted.customer_id
JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
JOIN organization o ON o.id = c.organization_id
{LOSSES}
"""


def cool_down_end(row: Mapping[str, Any], rules: Rules, calendar: Calendar) -> datetime | None:
    """Return when the member may claim again, from the columns of LOSSES; None without a loss.

    It is the latest of: each loss and the cool-down of the pool it was lost from; the last loss
    and the cool-down of the pool that the customer lies in, whose `rules` are given.
    """
    if not row["lost_at"]:
        return None
    ends = [
        calendar.after(at, Span.parse(cool_down), bool(works))
        for at, cool_down, works in zip(
            *(row[name] for name in ("lost_at", "cool_downs", "cool_down_works")), strict=True
        )
        if cool_down
    ]
    if rules.reclaim_cooldown:
        last = max(row["lost_at"])
        ends.append(calendar.after(last, rules.reclaim_cooldown, rules.working_days))
    return max(ends, default=None)


async def cooling_down_until(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return until when the viewer can't claim each of the customers that still cools down."""
    until = {}
    for row in await database.rows(COOLING, viewer.organization.id, list(ids), viewer.id):
        calendar = stored_calendar(row["time_zone"], row["calendar_overrides"])
        end = cool_down_end(row, parsed_rules(row["rules"]), calendar)
        if end and end > row["now"]:
            until[row["id"]] = end
    return until
