"""What a registration needs to know of the pool and of the viewer's seat in it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import database
from models.rules.calendars import Calendar
from models.rules.holidays import stored_calendar
from models.rules.rules import Rules, parsed_rules
from models.tables import CALENDAR_COLUMNS
from models.viewers import Viewer

ROOM = f"""
SELECT p.rules, p.rules_version, {CALENDAR_COLUMNS}, clock_timestamp() AS now, s.held, s.won
FROM pool p JOIN organization o ON o.id = p.organization_id
LEFT JOIN seat s ON s.organization_id = p.organization_id AND s.pool_id = p.id
  AND s.member_id = $3
WHERE p.organization_id = $1 AND p.id = $2
"""


@dataclass(frozen=True, slots=True)
class Room:
    """A pool and the viewer's seat in it, read at `now`; `held` counts as the capacity does."""

    pool_id: UUID
    rules: Rules
    rules_version: int
    calendar: Calendar
    now: datetime
    seated: bool
    held: int
    capacity: int | None


async def read_room(viewer: Viewer, pool_id: UUID) -> Room:
    row = (await database.rows(ROOM, viewer.organization.id, pool_id, viewer.id))[0]
    rules = parsed_rules(row["rules"])
    return Room(
        pool_id=pool_id,
        rules=rules,
        rules_version=row["rules_version"],
        calendar=stored_calendar(row["time_zone"], row["calendar_overrides"]),
        now=row["now"],
        seated=row["held"] is not None,
        held=rules.counted(row["held"] or 0, row["won"] or 0),
        capacity=rules.capacity_for(viewer.id, viewer.member.lineage),
    )
