"""Events that concern no customer: rules, access, members."""

import json
from typing import Any
from uuid import UUID

from models import database
from models.viewers import Viewer

RECORD = """
INSERT INTO event (organization_id, action, actor_id, member_id, pool_id, details)
VALUES ($1, $2, $3, $4, $5, $6::jsonb)
"""


async def record(
    viewer: Viewer,
    action: str,
    *,
    member_id: UUID | None = None,
    pool_id: UUID | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Append an event by the viewer that concerns no customer. `action` is in the catalogue."""
    text = json.dumps(details or {}, ensure_ascii=False)
    organization = viewer.organization.id
    await database.rows(RECORD, organization, action, viewer.id, member_id, pool_id, text)
