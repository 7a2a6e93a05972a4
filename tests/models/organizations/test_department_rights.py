"""What is open to whom in any tree, and whom its leads lead: as worked out by hand."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from models import database, viewers
from models.lists.members import list_members
from models.organizations import members
from models.organizations.departments import save_department
from models.organizations.members import MemberFields
from models.paging import Window
from models.pools import access
from models.pools.rights import USUAL, unusual
from models.refusals import InvalidInput
from models.rules.rules import CapacityRule, Rules
from models.tables import Department, Member, Pool
from models.viewers import Viewer
from tests.support.samples import Office

DEPARTMENTS, POOLS = 6, 3
RESET = (
    "UPDATE department SET parent_id = NULL, lead_id = NULL, departments_above = '{}'"
    " WHERE organization_id = $1 AND $2::uuid IS NOT NULL",
    "UPDATE member SET department_id = $2 WHERE organization_id = $1",
    "DELETE FROM pool_access WHERE organization_id = $1 AND $2::uuid IS NOT NULL",
)
ROLES = ("SALES", "SALES", "SALES", "SALES", "MANAGER", "ADMIN")


@dataclass
class Tree:
    """Departments, pools and people by their ids, with nothing worked out in advance."""

    parents: dict[UUID, UUID | None]
    leads: dict[UUID, UUID | None]
    works: dict[UUID, UUID | None]
    open_to: dict[UUID, set[UUID]]

    def lineage(self, id: UUID | None) -> list[UUID]:
        return [id, *self.lineage(self.parents[id])] if id else []

    def people(self, lead: UUID) -> set[UUID]:
        chains = {who: self.lineage(id) for who, id in self.works.items()}
        found = {who for who, ids in chains.items() if lead in [self.leads[id] for id in ids]}
        return found - {lead}

    def open_pools(self, who: Viewer) -> set[UUID]:
        if who.is_admin:
            return set(self.open_to)
        led = {id for id in self.parents if who.id in [self.leads[up] for up in self.lineage(id)]}
        mine = {who.id, *self.lineage(self.works[who.id]), *led}
        return {pool for pool, to in self.open_to.items() if to & mine}


async def an_office(office: Office) -> list[Viewer]:
    """The team of an office with departments and pools; later examples find them again."""
    if office.department_id is None:
        admin = await office.admin()
        for n in range(DEPARTMENTS):
            await save_department(admin, None, f"{n}部")
        for _ in range(POOLS):
            await office.pool()
        for role in ROLES:
            await office.person(role=role)
    for statement in RESET:
        await database.rows(statement, office.id, office.department_id)
    rows = await Member.filter(organization_id=office.id).order_by("id")
    return [await office.viewer(each.id) for each in rows]


async def tree_of(office: Office, team: list[Viewer]) -> Tree:
    departments = await Department.filter(organization_id=office.id).order_by("id")
    ids = [each.id for each in departments]
    pools = await Pool.filter(organization_id=office.id).order_by("id")
    return Tree(
        parents=dict.fromkeys(ids),
        leads=dict.fromkeys(ids),
        works={each.id: office.department_id for each in team},
        open_to={each.id: set() for each in pools},
    )


async def change(data: Any, admin: Viewer, tree: Tree, team: list[Viewer]) -> None:
    """Move a department, name a lead, open a pool or let somebody change departments."""
    ids, people = list(tree.parents), [each.id for each in team]
    department = data.draw(st.sampled_from(ids))
    match data.draw(st.sampled_from(["move", "move", "lead", "open", "join"])):
        case "move":
            await move(admin, tree, department, data.draw(st.sampled_from([None, *ids])))
        case "lead":
            lead = data.draw(st.sampled_from([None, *people]))
            await save_department(admin, department, str(department), lead_id=lead)
            tree.leads[department] = lead
        case "open":
            pool = data.draw(st.sampled_from(list(tree.open_to)))
            one = data.draw(st.sampled_from(people))
            tree.open_to[pool] = {department, one}
            await access.set_access(admin, pool, [one], [department], [])
        case "join":
            who = data.draw(st.sampled_from(team))
            known = who.member
            fields = MemberFields(known.name, known.email, known.role, department)
            await members.save(admin, who.id, fields)
            tree.works[who.id] = department


async def move(admin: Viewer, tree: Tree, department: UUID, parent: UUID | None) -> None:
    try:
        await save_department(admin, department, str(department), parent_id=parent)
    except InvalidInput:
        assert department in tree.lineage(parent)
    else:
        tree.parents[department] = parent


def capacity(tree: Tree, who: UUID, own: dict[UUID, int]) -> int:
    return next((own[id] for id in (who, *tree.lineage(tree.works[who])) if id in own), 9)


async def check(tree: Tree, team: list[Viewer], own: dict[UUID, int]) -> None:
    organization_id, ids = team[0].organization.id, [each.id for each in team]
    together = await viewers.viewers(organization_id, ids)
    ruled = (
        CapacityRule(id if id in ids else None, None if id in ids else id, n)
        for id, n in own.items()
    )
    rules = Rules(capacity=9, capacities=tuple(ruled))
    for id in ids:
        who = await viewers.viewer(organization_id, id)
        assert who
        assert set(who.open_pools) == tree.open_pools(who)
        assert set(who.people) == tree.people(id)
        assert (together[id].open_pools, together[id].people) == (who.open_pools, who.people)
        assert list(who.member.lineage) == tree.lineage(tree.works[id])
        assert rules.capacity_for(id, who.member.lineage) == capacity(tree, id, own)
    admin = next(each for each in together.values() if each.is_admin)
    for department in tree.parents:
        below = {who for who, own in tree.works.items() if department in tree.lineage(own)}
        assert await listed(admin, department) == below
    for who in together.values():
        assert await listed(who, None) == (set(ids) if who.manages else {who.id, *who.people})
    for pool in tree.open_to:
        differing = await unusual(organization_id, pool, ids)
        sees = {id: differing.get(id, USUAL).sees for id in ids}
        leads = set(tree.leads.values())
        assert sees == {id: pool in together[id].open_pools and id not in leads for id in ids}


async def listed(viewer: Viewer, department_id: UUID | None) -> set[UUID]:
    asked: dict[str, Any] = {"search": None, "department_id": department_id}
    return {each.id for each in (await list_members(viewer, window=Window(50), **asked)).nodes}


# The examples share the office: each begins with a tree of roots, and closed pools.
@examples(max_examples=30, suppress_health_check=[*HealthCheck])
@given(data=st.data())
async def test_every_right_is_as_the_tree_says(office: Office, data: Any) -> None:
    team = await an_office(office)
    tree, admin = await tree_of(office, team), await office.admin()
    for _ in range(data.draw(st.integers(3, 10))):
        await change(data, admin, tree, team)
    whose = st.sampled_from([*tree.parents, *(each.id for each in team)])
    await check(tree, team, data.draw(st.dictionaries(whose, st.integers(0, 5), max_size=4)))
