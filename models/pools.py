"""Pools: their rules, each version kept, and to whom they are open."""

import json
from collections.abc import Sequence
from uuid import UUID

from models import alarms, database
from models.ledger import record
from models.reevaluation import reevaluate
from models.refusals import Forbidden, InvalidInput, NotFound, Problem
from models.rules import Rules
from models.tables import Department, Member, Pool
from models.texts import Text
from models.viewers import Viewer, administered_pool, find

NAME_LENGTH = 100
# So many are moved by the change itself; a worker goes on with the rest.
AT_ONCE = 5000

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
  WHERE organization_id = $1 AND id = $2 RETURNING *
), kept AS (
  INSERT INTO pool_rules (organization_id, pool_id, version, rules, actor_id, at)
  SELECT organization_id, id, rules_version, rules, $4, ruled_at FROM changed
)
SELECT * FROM changed
"""
GRANT = """
INSERT INTO pool_access (organization_id, pool_id, member_id, department_id, administers)
SELECT $1::uuid, $2::uuid, m, NULL::uuid, false FROM unnest($3::uuid[]) m UNION
SELECT $1::uuid, $2::uuid, NULL::uuid, d, false FROM unnest($4::uuid[]) d UNION
SELECT $1::uuid, $2::uuid, m, NULL::uuid, true FROM unnest($5::uuid[]) m
"""


async def create(viewer: Viewer, name: str, rules: Rules) -> Pool:
    """A new pool, open to nobody yet but its creator, who administers it."""
    if viewer.member.role == "SALES":
        raise Forbidden("Only managers and admins create pools.")
    await check_rules(viewer, rules, _name_problems(name))
    async with database.transaction():
        rows = await database.rows(
            CREATE, viewer.organization.id, name.strip(), _text(rules), viewer.id
        )
        if not rows:
            raise InvalidInput((Problem("name", "another pool has this name"),))
        pool = Pool._init_from_db(**rows[0])
        await record(viewer, "POOL_CREATED", pool_id=pool.id, details={"name": pool.name})
    return pool


async def change_rules(viewer: Viewer, pool_id: UUID | None, rules: Rules) -> Pool:
    """New rules, in force at once for everyone held under them."""
    pool = await administered_pool(viewer, pool_id)
    await check_rules(viewer, rules)
    async with database.transaction():
        rows = await database.rows(CHANGE, viewer.organization.id, pool.id, _text(rules), viewer.id)
        pool = Pool._init_from_db(**rows[0])
        await record(
            viewer, "RULES_CHANGED", pool_id=pool.id, details={"version": pool.rules_version}
        )
    await reevaluate(pool.id, most=AT_ONCE)
    await alarms.ring()
    return pool


async def set_access(
    viewer: Viewer,
    pool_id: UUID | None,
    members: Sequence[UUID | None],
    departments: Sequence[UUID | None],
    administrators: Sequence[UUID | None],
) -> Pool:
    """Who may see and claim from the pool, and who administers it; replaces what was."""
    pool = await administered_pool(viewer, pool_id)
    people = {*members, *administrators}
    known = {*await find(viewer, Member, people), *await find(viewer, Department, departments)}
    if known != people | set(departments):
        raise NotFound
    scope = (viewer.organization.id, pool.id)
    lists = [list(dict.fromkeys(ids)) for ids in (members, departments, administrators)]
    async with database.transaction():
        await database.rows("SELECT FROM pool WHERE id = $1 FOR NO KEY UPDATE", pool.id)
        await database.rows("DELETE FROM pool_access WHERE pool_id = $1", pool.id)
        await database.rows(GRANT, *scope, *lists)
        names = ("members", "departments", "administrators")
        details = {name: [str(id) for id in ids] for name, ids in zip(names, lists, strict=True)}
        await record(viewer, "ACCESS_CHANGED", pool_id=pool.id, details=details)
    return pool


async def check_rules(viewer: Viewer, rules: Rules, others: Sequence[Problem] = ()) -> None:
    """Raises InvalidInput that names all that is wrong with them."""
    capacities = rules.capacities
    members = [each.member for each in capacities if each.member]
    departments = [each.department for each in capacities if each.department]
    known = {*await find(viewer, Member, members), *await find(viewer, Department, departments)}
    problems = [*others, *rules.problems()]
    for n, each in enumerate(capacities):
        for field, id in (("memberId", each.member), ("departmentId", each.department)):
            if id and id not in known:
                problems.append(Problem(f"rules.capacities.{n}.{field}", "is not known"))
    if problems:
        raise InvalidInput(tuple(problems))


def _name_problems(name: str) -> list[Problem]:
    if 1 <= len(name.strip()) <= NAME_LENGTH and "\0" not in name:
        return []
    return [Problem("name", Text("must have 1 to {most} characters", most=NAME_LENGTH))]


def _text(rules: Rules) -> str:
    return json.dumps(rules.to_json(), ensure_ascii=False)
