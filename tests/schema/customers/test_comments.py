"""Comments on a held customer, through HTTP."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from models.database import rows
from models.holding import comments
from models.ledger import replay
from models.organizations.departments import save_department
from models.ownership import claims, releases
from models.pools import access
from models.tables import Customer, Event, Pool
from models.viewers import Viewer
from tests.support.asking import COMMENT, ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office, events, refusal, row, story

ALERTS = "{ viewer { alerts { nodes { kind message customer { id } } } } }"
HISTORY = """query ($id: ID!) { customer(id: $id) { history { nodes {
  id action reason actor { id } member { id } } } } }"""
EVENT = "query ($id: ID!) { node(id: $id) { ... on Event { action reason } } }"


async def held(office: Office, **rules: Any) -> tuple[Pool, Viewer, UUID]:
    pool = await office.pool(follow_up_within="P5D", **rules)
    li, id = await office.person("李雷"), await office.customer(pool)
    await claims.claim(li, [id])
    return pool, li, id


async def say(api: Client, who: Viewer, id: UUID, text: str = "报价了吗？") -> Any:
    return await ask(api, who, COMMENT, customer=customer_gid(id), text=text)


async def alerts(api: Client, who: Viewer) -> list[Any]:
    nodes: list[Any] = (await ask(api, who, ALERTS))["alerts"]["nodes"]
    return nodes


async def whole(id: UUID) -> list[Any]:
    return await rows("SELECT c::text FROM customer c WHERE id = $1", id)


async def test_a_comment_reaches_the_owner_and_moves_no_deadline(
    api: Client, office: Office
) -> None:
    _, li, id = await held(office)
    boss, before, kept = await office.person(role="MANAGER"), await row(id), await whole(id)
    answer = await say(api, boss, id, "  报价了吗？ ")
    assert answer == {
        "__typename": "Commented",
        "customer": {"id": customer_gid(id), "owner": {"id": gid("Member", li.id)}},
    }
    assert await whole(id) == kept
    message = f"A comment on {before.name}: 报价了吗？"
    told = {"kind": "COMMENTED", "message": message, "customer": {"id": customer_gid(id)}}
    assert await alerts(api, li) == [told]
    assert await alerts(api, boss) == []
    (first, *_) = (await ask(api, li, HISTORY, id=customer_gid(id)))["history"]["nodes"]
    assert (first["action"], first["reason"]) == ("COMMENTED", "报价了吗？")
    assert first["actor"] == {"id": gid("Member", boss.id)}
    assert first["member"] == {"id": gid("Member", li.id)}
    assert await replay.differences() == []


async def test_the_owner_answers_and_alerts_nobody(api: Client, office: Office) -> None:
    _, li, id = await held(office)
    admin = await office.admin()
    await say(api, admin, id)
    assert (await say(api, li, id, "周五报"))["__typename"] == "Commented"
    assert [each.member_id for each in await events(id, "COMMENTED")] == [li.id, None]
    assert len(await alerts(api, li)) == 1
    assert await alerts(api, admin) == []


async def test_who_may_comment(api: Client, office: Office) -> None:
    pool, _, id = await held(office)
    han, runs = await office.person(), await office.person()
    department = office.department_id
    await access.set_access(await office.admin(), pool.id, [], [department], [runs.id])
    assert (await say(api, await office.viewer(runs.id), id))["__typename"] == "Commented"
    assert (await say(api, await office.admin(), id))["__typename"] == "Commented"
    words = "Only its owner, who leads them, and administrators of its pool comment on a customer."
    assert await say(api, han, id) == {"__typename": "Forbidden", "message": words}
    await access.set_access(await office.admin(), pool.id, [], [], [runs.id])
    assert (await say(api, han, id))["__typename"] == "NotFound"
    assert await story(id) == ["CREATED", "CLAIMED", "COMMENTED", "COMMENTED"]


async def test_who_leads_the_owner_comments(api: Client, office: Office) -> None:
    _, li, id = await held(office)
    lead, admin = await office.person(), await office.admin()
    await save_department(admin, office.department_id, "销售部", lead_id=lead.id)
    assert (await say(api, lead, id))["__typename"] == "Commented"
    assert [each["kind"] for each in await alerts(api, li)] == ["COMMENTED"]


async def test_nobody_comments_on_a_customer_in_the_pool(api: Client, office: Office) -> None:
    _, li, id = await held(office)
    await releases.give_back(li, id, "没有需求")
    words = "Nobody holds this customer: a comment would reach nobody."
    answer = await say(api, await office.admin(), id)
    assert answer == {"__typename": "Forbidden", "message": words}
    assert await events(id, "COMMENTED") == []


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "x" * 5001])
async def test_a_text_has_the_bounds_of_a_note(api: Client, office: Office, text: str) -> None:
    _, _, id = await held(office)
    answer = await say(api, await office.admin(), id, text)
    problem = {"path": "text", "message": "must have 1 to 5000 characters"}
    assert answer["problems"] == [problem]
    assert await events(id, "COMMENTED") == []


async def test_a_colleague_who_may_not_read_the_notes_reads_no_comment(
    api: Client, office: Office
) -> None:
    _, li, id = await held(office)
    han, admin = await office.person(), await office.admin()
    await say(api, admin, id)
    for who, read in ((han, None), (li, "报价了吗？"), (admin, "报价了吗？")):
        (first, *_) = (await ask(api, who, HISTORY, id=customer_gid(id)))["history"]["nodes"]
        assert (first["action"], first["reason"]) == ("COMMENTED", read)
        assert (await ask(api, who, EVENT, id=first["id"]))["reason"] == read


async def test_a_comment_on_a_customer_that_is_given_back_meanwhile_reaches_nobody_else(
    office: Office,
) -> None:
    pool, li, id = await held(office)
    admin = await office.admin()
    await asyncio.gather(
        comments.comment(admin, id, "报价了吗？"),
        releases.give_back(li, id, "没有需求"),
        return_exceptions=True,
    )
    told = await events(id, "COMMENTED")
    assert [(each.member_id, each.epoch) for each in told] in ([], [(li.id, 1)])
    ended = await Event.get(customer_id=id, action="RELEASED")
    assert all(each.seq < ended.seq for each in told)
    assert (await Customer.get(id=id)).pool_id == pool.id
    assert isinstance(await refusal(comments.comment(li, id, "还在")), Exception)
