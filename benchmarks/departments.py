"""A tree of 1,000 departments: what each request reads of its viewer, and the pages of a lead.

`python -m benchmarks departments`. Over HTTP, one request after the other.
"""

import os
import time
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import quantiles
from typing import Any
from uuid import UUID

import httpx2

from benchmarks.ground import admin, ground, hold_all, sales_team
from benchmarks.serving import serving
from commands.tokens import sign
from models import database, viewers
from models.organizations.departments import MOST_DEPARTMENTS, save_department
from models.pools import access
from models.rules.rules import Rules
from models.viewers import Viewer
from schema.base import ids
from settings import Settings

# Each department has four below it: six levels.
BELOW = 4
TEAM = 2_000
CUSTOMERS = 20_000
ASKED = int(os.environ.get("ASKED", "100"))
# Of the top, of one in the middle and of one at the end.
LED = (0, 30, MOST_DEPARTMENTS - 1)
PLACE = "UPDATE member SET department_id = $3 WHERE organization_id = $1 AND id = ANY($2::uuid[])"
PAGES = {
    "their members": """query ($department: ID!) {
      members(departmentId: $department, first: 20) {
        nodes { name department { name } privatePool { held capacity } } } }""",
    "a private pool": """query ($member: ID!) { node(id: $member) { ... on Member {
      privatePool { customers(first: 20) {
        nodes { name contact { phone } holding { release { at } } } } } } } }""",
    "a report": """query ($pool: ID!, $department: ID!, $from: DateTime!, $to: DateTime!) {
      poolReport(poolId: $pool, from: $from, to: $to, departmentId: $department) {
        claims deals members { member { name } claims } } }""",
}


async def main() -> None:
    # The requests shall run: budgets would refuse most of them.
    os.environ["SEAPOOL_MEMBER_BUDGET"] = os.environ["SEAPOOL_ORGANIZATION_BUDGET"] = str(10**9)
    async with ground() as settings:
        pool, team = await sales_team(TEAM, CUSTOMERS, Rules.from_json({"max_hold": "P30D"}))
        departments = await _tree(team)
        await access.set_access(await admin(team), pool.id, [], departments[:1], [])
        # Of the lead's people, the other one of their own department.
        holders = [team[led + MOST_DEPARTMENTS] for led in LED]
        await hold_all(holders)
        await database.rows("ANALYZE")
        print(f"{len(departments):,} departments, {TEAM:,} members:")
        with serving(settings) as port:
            for led, member in zip(LED, holders, strict=True):
                lead = team[led]
                people = len((await _viewer(lead)).people)
                print(f"  a lead of {people:,} people:")
                await _tell("their viewer", partial(_viewer, lead))
                given = {
                    "pool": ids.encode("Pool", pool.id),
                    "member": ids.encode("Member", member.id),
                    "department": ids.encode("Department", departments[led]),
                    "from": "2026-01-01T00:00:00Z",
                    "to": "2026-12-31T00:00:00Z",
                }
                await _tell_pages(settings, port, lead, given)
            print("  who leads nobody:")
            await _tell("their viewer", partial(_viewer, team[1]))


async def _tree(team: list[Viewer]) -> list[UUID]:
    """Two members in each department; the n-th member leads the n-th of LED."""
    boss, made = await admin(team), list[UUID]()
    for n in range(MOST_DEPARTMENTS):
        parent = made[(n - 1) // BELOW] if n else None
        lead = team[n].id if n in LED else None
        saved = await save_department(boss, None, f"部门{n}", parent_id=parent, lead_id=lead)
        made.append(saved.id)
        members = [each.id for each in team[n::MOST_DEPARTMENTS]]
        await database.rows(PLACE, boss.organization.id, members, saved.id)
    return made


async def _viewer(whose: Viewer) -> Viewer:
    found = await viewers.viewer(whose.organization.id, whose.id)
    assert found is not None
    return found


async def _tell_pages(settings: Settings, port: int, lead: Viewer, given: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {sign(settings, lead.id, lead.organization.id)}"}
    base = f"http://127.0.0.1:{port}"
    async with httpx2.AsyncClient(base_url=base, trust_env=False, headers=headers) as http:
        for name, document in PAGES.items():
            asked = {each: value for each, value in given.items() if f"${each}:" in document}
            await _tell(name, partial(_ask, http, {"query": document, "variables": asked}))


async def _ask(http: httpx2.AsyncClient, body: dict[str, Any]) -> None:
    answer = (await http.post("/graphql", json=body)).json()
    assert "errors" not in answer, answer


async def _tell(name: str, act: Callable[[], Awaitable[Any]]) -> None:
    seconds = []
    for _ in range(ASKED):
        began = time.perf_counter()
        await act()
        seconds.append(time.perf_counter() - began)
    cuts = quantiles(seconds, n=20)
    print(f"    {name:16} {1000 * cuts[9]:6.1f} ms, p95 {1000 * cuts[18]:6.1f} ms", flush=True)
