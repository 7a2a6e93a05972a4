"""The quiet hours of an organization: for its channels that have none of their own."""

import json
from dataclasses import dataclass

from models import database
from models.channels.fields import quiet_problems
from models.refusals import InvalidInput
from models.viewers import Viewer

READ = "SELECT quiet_from, quiet_to FROM organization WHERE id = $1"
# An organization that has them already is left alone, without an event.
SET = """
WITH saved AS (
  UPDATE organization SET quiet_from = $3, quiet_to = $4
  WHERE id = $1 AND (quiet_from IS DISTINCT FROM $3 OR quiet_to IS DISTINCT FROM $4) RETURNING id
)
INSERT INTO event (organization_id, action, actor_id, details)
SELECT id, 'QUIET_HOURS_CHANGED', $2, $5::jsonb FROM saved
"""
# Who waits for the end of the former hours looks again.
LOOK_AGAIN = """
UPDATE channel SET next_at = now()
WHERE organization_id = $1 AND next_at > now() AND quiet_from IS NULL
"""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times of the organization, e.g. 22:00."""

    quiet_from: str
    quiet_to: str


async def quiet_hours(viewer: Viewer) -> QuietHours | None:
    """None if the organization has none."""
    (row,) = await database.rows(READ, viewer.organization.id)
    begin, end = row["quiet_from"], row["quiet_to"]
    return QuietHours(begin, end) if begin and end else None


async def set_quiet_hours(viewer: Viewer, begin: str | None, end: str | None) -> None:
    """Both None: there are none. Raises Forbidden and InvalidInput."""
    viewer.require_admin()
    problems = tuple(quiet_problems(begin, end))
    if problems:
        raise InvalidInput(problems)
    details = json.dumps({"quiet_from": begin, "quiet_to": end})
    async with database.transaction():
        await database.rows(SET, viewer.organization.id, viewer.id, begin, end, details)
        await database.rows(LOOK_AGAIN, viewer.organization.id)
