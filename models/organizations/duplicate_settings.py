"""What an organization decides of duplicates: which keys refuse, and how many may be looked up."""

import json
from collections.abc import Collection
from typing import Any

from models import database
from models.duplicates.keys import KINDS
from models.refusals import InvalidInput
from models.texts.text import Text
from models.viewers import Viewer

LOOKUP_LIMITS = range(1, 1001)

# An organization that has the value already is left alone, without an event.
SET_KEYS = """
WITH saved AS (
  UPDATE organization SET duplicate_keys = $3 WHERE id = $1 AND duplicate_keys <> $3 RETURNING id
)
INSERT INTO event (organization_id, action, actor_id, details)
SELECT id, 'DUPLICATE_KEYS_CHANGED', $2, $4::jsonb FROM saved
"""
SET_LIMIT = """
WITH saved AS (
  UPDATE organization SET lookup_limit = $3 WHERE id = $1 AND lookup_limit <> $3 RETURNING id
)
INSERT INTO event (organization_id, action, actor_id, details)
SELECT id, 'LOOKUP_LIMIT_CHANGED', $2, $4::jsonb FROM saved
"""


async def set_duplicate_keys(viewer: Viewer, blocking: Collection[str]) -> None:
    """Let these kinds of keys refuse a registration, and the others only warn.

    `blocking` has values of KINDS, in any order; empty, nothing is refused. Raises Forbidden.
    """
    viewer.require_admin()
    kinds = [kind for kind in KINDS.values() if kind in blocking]
    await _write(viewer, SET_KEYS, kinds, {"blocking": kinds})


async def set_lookup_limit(viewer: Viewer, per_hour: int) -> None:
    """Let each member look up so many duplicates in an hour. Raises Forbidden and InvalidInput.

    A lower limit counts the look-ups of the last hour too.
    """
    viewer.require_admin()
    if per_hour not in LOOKUP_LIMITS:
        least, most = LOOKUP_LIMITS[0], LOOKUP_LIMITS[-1]
        wrong = Text("must be from {least} to {most}", least=least, most=most)
        raise InvalidInput.at("perHour", wrong)
    await _write(viewer, SET_LIMIT, per_hour, {"per_hour": per_hour})


async def _write(viewer: Viewer, sql: str, value: Any, details: dict[str, Any]) -> None:
    await database.rows(sql, viewer.organization.id, viewer.id, value, json.dumps(details))
