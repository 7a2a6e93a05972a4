"""A lead sees and decides for their people, and nothing beside."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest_asyncio

from models.customers.update import update_customer
from models.holding import deal_decisions, extension_decisions, extensions, follow_ups
from models.holding.extension_reads import extensions_of_pools, visible_extensions
from models.ledger import replay
from models.lists.at_risk import at_risk, count_at_risk
from models.lists.customer_counts import count_held
from models.lists.customers import held_customers
from models.lists.members import list_members
from models.lists.unconfirmed_deals import count_unconfirmed_deals, unconfirmed_deals
from models.organizations import members
from models.organizations.departments import save_department
from models.organizations.members import MemberFields
from models.ownership import claims, releases, transfers
from models.ownership.hand_over import hand_over
from models.paging import Window
from models.pools import access
from models.refusals import Forbidden, NotFound, NotHolder
from models.rules.durations import Span
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.samples import Office, done, refusal, row

RULES: dict[str, Any] = {"follow_up_within": "P5D", "extension_limit": "P3D", "deal_approval": True}


@dataclass
class Floor:
    """`lead` leads a department above that of `li`; `han` is beside them. Both hold a customer.

    The lead works elsewhere, and the pool is open to li's department and to han.
    """

    office: Office
    pool: Pool
    lead: Viewer
    li: Viewer
    han: Viewer
    mine: UUID
    beside: UUID
    free: UUID


@pytest_asyncio.fixture
async def floor(office: Office) -> Floor:
    admin, pool = await office.admin(), await office.pool(**RULES)
    lead, li, han = [await office.person() for _ in range(3)]
    east = await save_department(admin, None, "华东", lead_id=lead.id)
    one = await save_department(admin, None, "一部", parent_id=east.id)
    fields = MemberFields(li.member.name, li.member.email, "SALES", one.id)
    await members.save(admin, li.id, fields)
    await access.set_access(await office.admin(), pool.id, [han.id], [one.id], [])
    mine, beside, free = await office.customers(pool, 3)
    lead, li, han = [await office.viewer(each.id) for each in (lead, li, han)]
    done((await claims.claim(li, [mine]))[0])
    done((await claims.claim(han, [beside]))[0])
    return Floor(office, pool, lead, li, han, mine, beside, free)


async def ids_held(viewer: Viewer, owner: Viewer) -> list[UUID]:
    key = (owner.id, None)
    order: dict[str, Any] = {"window": Window(9), "order": "NAME", "search": None}
    found = (await held_customers(viewer, [key], **order))[key]
    assert (await count_held(viewer, [key], None))[key] == len(found.nodes)
    return [each.id for each in found.nodes]


async def test_a_lead_sees_the_private_pools_of_their_people_alone(floor: Floor) -> None:
    await access.set_access(await floor.office.admin(), floor.pool.id, [], [], [])
    lead = await floor.office.viewer(floor.lead.id)
    assert (set(lead.open_pools), set(lead.people)) == (set(), {floor.li.id})
    assert await ids_held(lead, floor.li) == [floor.mine]
    assert await ids_held(lead, floor.han) == []
    seen = await list_members(lead, window=Window(9), search=None, department_id=None)
    assert {each.id for each in seen.nodes} == {lead.id, floor.li.id}
    assert [lead.sees(await row(id)) for id in (floor.mine, floor.beside)] == [True, False]


async def test_a_lead_finds_the_customers_of_their_people_by_contact(floor: Floor) -> None:
    for who, id in ((floor.li, floor.mine), (floor.han, floor.beside)):
        await update_customer(who, id, {"phone": f"1380013800{who is floor.li:d}"})
    for owner, found in ((floor.li, [floor.mine]), (floor.han, [])):
        key = (owner.id, None)
        asked: dict[str, Any] = {"window": Window(9), "order": "NAME", "search": "138001380"}
        pages = await held_customers(floor.lead, [key], **asked)
        assert [each.id for each in pages[key].nodes] == found


async def test_a_pool_of_a_department_below_is_open_to_its_lead(floor: Floor) -> None:
    assert floor.lead.open_pools == {floor.pool.id}
    assert floor.lead.administered == frozenset()


async def test_a_lead_changes_and_releases_what_their_people_hold(floor: Floor) -> None:
    changed = await update_customer(floor.lead, floor.mine, {"level": "A"})
    assert (changed.level, changed.level_by_owner) == ("A", False)
    assert await refusal(update_customer(floor.lead, floor.beside, {"level": "A"})) == NotHolder()
    assert await refusal(releases.give_back(floor.lead, floor.beside, "没有需求")) == NotHolder()
    await releases.give_back(floor.lead, floor.mine, "没有需求")
    assert (await row(floor.mine)).owner_id is None
    assert await replay.differences() == []


async def test_a_lead_transfers_among_their_people_and_to_themselves(floor: Floor) -> None:
    forbidden = await refusal(transfers.transfer(floor.lead, floor.mine, floor.han.id))
    assert isinstance(forbidden, Forbidden)
    for theirs in (floor.li.id, floor.lead.id):
        refused = await refusal(transfers.transfer(floor.lead, floor.beside, theirs))
        assert isinstance(refused, Forbidden)
    done(await transfers.transfer(floor.lead, floor.mine, floor.lead.id))
    # Of their own customers they decide as any owner does.
    refused = await refusal(transfers.transfer(floor.lead, floor.mine, floor.li.id))
    assert isinstance(refused, Forbidden)


async def test_a_lead_hands_over_what_their_people_hold_among_them(floor: Floor) -> None:
    people = "You may transfer your people's customers to your people and yourself."
    pools = "Only administrators of a pool may hand customers over."
    for owner, receiver, no in ((floor.li, floor.han, people), (floor.han, floor.lead, pools)):
        given = (floor.lead, owner.id, [receiver.id], None, "休假")
        assert await refusal(hand_over(*given)) == Forbidden(no)
    handed = await hand_over(floor.lead, floor.li.id, [floor.lead.id], None, "休假")
    assert (handed.received, handed.remaining) == (((str(floor.lead.id), 1),), 0)
    assert (await row(floor.mine)).owner_id == floor.lead.id
    assert (await row(floor.beside)).owner_id == floor.han.id


async def test_a_lead_assigns_to_their_people_from_what_is_open_to_them(floor: Floor) -> None:
    for receiver in (floor.han.id, floor.lead.id):
        refused = await refusal(claims.assign(floor.lead, floor.free, receiver))
        assert isinstance(refused, Forbidden)
    assert done(await claims.assign(floor.lead, floor.free, floor.li.id)).owner_id == floor.li.id
    closed = await floor.office.customer(await closed_pool(floor.office))
    assert await refusal(claims.assign(floor.lead, closed, floor.li.id)) == NotFound()


async def test_what_their_people_hold_in_a_closed_pool_a_lead_cannot_assign(floor: Floor) -> None:
    await access.set_access(await floor.office.admin(), floor.pool.id, [floor.li.id], [], [])
    lead = await floor.office.viewer(floor.lead.id)
    assert lead.sees(await row(floor.mine))
    assert isinstance(await refusal(claims.assign(lead, floor.mine, floor.li.id)), Forbidden)


async def closed_pool(office: Office) -> Pool:
    pool = await office.pool()
    await access.set_access(await office.admin(), pool.id, [], [], [])
    return pool


async def test_a_lead_decides_on_extensions_of_their_people_alone(floor: Floor) -> None:
    span = Span.parse("P1D")
    mine = await extensions.ask(floor.li, floor.mine, span, "在走流程")
    beside = await extensions.ask(floor.han, floor.beside, span, "在走流程")
    asked: dict[str, Any] = {"window": Window(9), "status": "PENDING"}
    listed = (await extensions_of_pools(floor.lead, [floor.pool.id], **asked))[floor.pool.id]
    assert [each.id for each in listed.nodes] == [mine.id]
    assert set(await visible_extensions(floor.lead, [mine.id, beside.id])) == {mine.id}
    assert await refusal(extension_decisions.decide(floor.lead, beside.id, True, None)) == (
        NotFound()
    )
    decided = await extension_decisions.decide(floor.lead, mine.id, True, None)
    assert (decided.status, decided.decider_id) == ("APPROVED", floor.lead.id)


async def test_a_lead_confirms_deals_of_their_people_alone(floor: Floor) -> None:
    for who, id in ((floor.li, floor.mine), (floor.han, floor.beside)):
        await follow_ups.record_deal(who, id, Decimal(1280))
    pools = [floor.pool.id]
    listed = (await unconfirmed_deals(floor.lead, pools, window=Window(9)))[floor.pool.id]
    assert [each.id for each in listed.nodes] == [floor.mine]
    assert await count_unconfirmed_deals(floor.lead, pools) == {floor.pool.id: 1}
    refused = await refusal(deal_decisions.confirm(floor.lead, floor.beside, True, None))
    assert isinstance(refused, Forbidden)
    await deal_decisions.confirm(floor.lead, floor.mine, True, None)
    assert (await row(floor.mine)).won_at


async def test_a_lead_sees_what_is_at_risk_of_their_people_alone(floor: Floor) -> None:
    week, pools = Span.parse("P7D"), [floor.pool.id]
    listed = (await at_risk(floor.lead, pools, within=week, window=Window(9)))[floor.pool.id]
    assert [each.id for each in listed.nodes] == [floor.mine]
    assert await count_at_risk(floor.lead, pools, within=week) == {floor.pool.id: 1}
    admin = await floor.office.admin()
    assert await count_at_risk(admin, pools, within=week) == {floor.pool.id: 2}


async def test_a_lead_who_belongs_below_decides_nothing_of_their_own(floor: Floor) -> None:
    admin = await floor.office.admin()
    one = floor.li.member.department_id
    await save_department(admin, one, "一部", lead_id=floor.li.id)
    li = await floor.office.viewer(floor.li.id)
    assert li.people == frozenset()
    mine = await extensions.ask(li, floor.mine, Span.parse("P1D"), "在走流程")
    refused = await refusal(extension_decisions.decide(li, mine.id, True, None))
    assert isinstance(refused, Forbidden)
    changed: Customer = await update_customer(li, floor.mine, {"level": "A"})
    assert changed.level_by_owner
