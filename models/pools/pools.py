"""Pools: their rules, each version kept, and to whom they are open."""

import json
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.reevaluation import AT_ONCE, reevaluate_pool
from models.ledger.recording import record
from models.pools.rule_checks import check_rules
from models.refusals import Forbidden, InvalidInput, RulesChanged
from models.rules.rules import Rules
from models.tables import Pool
from models.validation import NAME_LENGTH, text_problem
from models.viewers import Viewer, administered_pool, find_one

CREATE = """
WITH made AS (
  INSERT INTO pool (organization_id, name, rules) VALUES ($1, $2, $3::jsonb)
  ON CONFLICT ON CONSTRAINT pool_name DO NOTHING RETURNING *
), kept AS (
  INSERT INTO pool_rules (organization_id, pool_id, version, rules, actor_id, at)
  SELECT organization_id, id, rules_version, rules, $4, ruled_at FROM made
), access AS (
  INSERT INTO pool_access (organization_id, pool_id, member_id, administers)
  SELECT organization_id, id, $4, true FROM made
)
SELECT * FROM made
"""
CHANGE = """
WITH changed AS (
  UPDATE pool SET rules = $3::jsonb, rules_version = rules_version + 1, ruled_at = clock_timestamp()
  WHERE organization_id = $1 AND id = $2 AND ($5::integer IS NULL OR rules_version = $5)
  RETURNING *
), kept AS (
  INSERT INTO pool_rules (organization_id, pool_id, version, rules, actor_id, at)
  SELECT organization_id, id, rules_version, rules, $4, ruled_at FROM changed
)
SELECT * FROM changed
"""


async def create(viewer: Viewer, name: str, rules: Rules) -> Pool:
    """A new pool, open to nobody yet but its creator, who administers it."""
    check_creator(viewer)
    wrong = text_problem("name", name, most=NAME_LENGTH)
    await check_rules(viewer, rules, [wrong] if wrong else [])
    async with database.transaction():
        rows = await database.rows(
            CREATE, viewer.organization.id, name.strip(), _text(rules), viewer.id
        )
        if not rows:
            raise InvalidInput.at("name", "another pool has this name")
        pool = database.as_model(Pool, rows[0])
        await record(viewer, "POOL_CREATED", pool_id=pool.id, details={"name": pool.name})
    return pool


def check_creator(viewer: Viewer) -> None:
    """Raises Forbidden for a viewer who may create no pool."""
    if viewer.member.role == "SALES":
        raise Forbidden("Only managers and admins create pools.")


async def change_rules(
    viewer: Viewer, pool_id: UUID | None, rules: Rules, expected_version: int | None = None
) -> Pool:
    """New rules, in force at once for everyone held under them.

    Raises RulesChanged if another version than the expected one is in force.
    """
    pool = await administered_pool(viewer, pool_id)
    await check_rules(viewer, rules, pool=pool)
    async with database.transaction():
        given = (pool.id, _text(rules), viewer.id, expected_version)
        rows = await database.rows(CHANGE, viewer.organization.id, *given)
        if not rows:
            raise await _changed(viewer, pool, expected_version or 0)
        pool = database.as_model(Pool, rows[0])
        await record(
            viewer, "RULES_CHANGED", pool_id=pool.id, details={"version": pool.rules_version}
        )
    await reevaluate_pool(pool.organization_id, pool.id, AT_ONCE)
    await alarms.ring()
    return pool


async def _changed(viewer: Viewer, pool: Pool, expected: int) -> RulesChanged:
    now = await find_one(viewer, Pool, pool.id)
    return RulesChanged(now.rules_version, expected)


def _text(rules: Rules) -> str:
    return json.dumps(rules.to_json(), ensure_ascii=False)
