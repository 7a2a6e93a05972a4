"""How many customers a member may export a day from pools that others administer."""

import json

from models import database
from models.refusals import InvalidInput
from models.texts.text import Text
from models.viewers import Viewer

LIMITS = range(1_000_001)

SET_LIMIT = """
WITH saved AS (
  UPDATE organization SET export_limit = $3 WHERE id = $1 AND export_limit <> $3 RETURNING id
)
INSERT INTO event (organization_id, action, actor_id, details)
SELECT id, 'EXPORT_LIMIT_CHANGED', $2, $4::jsonb FROM saved
"""


async def set_export_limit(viewer: Viewer, per_day: int) -> None:
    """Raises Forbidden and InvalidInput. 0 leaves exports to administrators."""
    viewer.require_admin()
    if per_day not in LIMITS:
        wrong = Text("must be from {least} to {most}", least=LIMITS[0], most=LIMITS[-1])
        raise InvalidInput.at("perDay", wrong)
    details = json.dumps({"per_day": per_day})
    await database.rows(SET_LIMIT, viewer.organization.id, viewer.id, per_day, details)
