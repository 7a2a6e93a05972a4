"""Who asks for a page at the same time as others gets the same page, and an answer of their own."""

import asyncio
import logging
from typing import Any
from uuid import UUID

import pytest

from models.lists.customers import pooled_with_terms
from models.lists.shared_pages import (
    PagesWithTerms,
    shared_count_pooled,
    shared_pooled,
    shared_with_terms,
)
from models.ownership import claims, releases
from models.ownership.claimable import Claimable, claimable
from models.paging import Window
from models.refusals import CapacityReached, CoolingDown, InvalidInput, Refusal
from models.tables import Pool
from models.viewers import Viewer
from tests.support.samples import Office, found

STATEMENTS = "tortoise.db_client"
HOW: dict[str, Any] = {
    "window": Window(20),
    "order": "OPENED_LATEST",
    "search": None,
    "level": None,
}


async def shared(viewer: Viewer, pool: Pool, **how: Any) -> PagesWithTerms:
    return await shared_with_terms(viewer, {pool.id: pool}, **HOW | how)


def told(viewer: Viewer, read: PagesWithTerms) -> dict[UUID, type[Refusal | Claimable]]:
    (page,), terms = read[0].values(), read[1]
    answers = claimable(viewer, page.nodes, terms)
    return {each.id: type(answer) for each, answer in zip(page.nodes, answers, strict=True)}


async def test_each_is_told_what_they_alone_may_claim(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    pool = await office.pool(reclaim_cooldown="P30D", capacity=1)
    lost, kept, other = await office.customers(pool, 3)
    loser, full, free = [await office.person() for _ in range(3)]
    await claims.claim(loser, [lost])
    await releases.give_back(loser, lost, "不合适")
    await claims.claim(full, [kept])
    with caplog.at_level(logging.DEBUG, STATEMENTS):
        reads = await asyncio.gather(*(shared(who, pool) for who in (loser, full, free, full)))
    assert len([each for each in caplog.records if each.name == STATEMENTS]) == 2
    answers = [told(*each) for each in zip((loser, full, free, full), reads, strict=True)]
    assert answers == [
        {lost: CoolingDown, other: Claimable},
        {lost: CapacityReached, other: CapacityReached},
        {lost: Claimable, other: Claimable},
        {lost: CapacityReached, other: CapacityReached},
    ]
    for who, answer in zip((loser, full, free), answers, strict=False):
        assert told(who, await pooled_with_terms(who, {pool.id: pool}, **HOW)) == answer


async def test_a_page_and_its_count_are_read_once_for_all(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    pool, people = await office.pool(), [await office.person() for _ in range(5)]
    ids = await office.customers(pool, 3)
    by_name = {"search": None, "level": None}
    with caplog.at_level(logging.DEBUG, STATEMENTS):
        pages = await asyncio.gather(*(shared_pooled(who, [pool.id], **HOW) for who in people))
        counts = await asyncio.gather(
            *(shared_count_pooled(who, [pool.id], **by_name) for who in people)
        )
    assert len([each for each in caplog.records if each.name == STATEMENTS]) == 2
    assert [[each.id for each in page[pool.id].nodes] for page in pages] == [ids[::-1]] * 5
    assert counts == [{pool.id: 3}] * 5


async def test_pages_of_other_windows_orders_and_searches_are_others(office: Office) -> None:
    pool, who = await office.pool(), await office.person()
    ids = await office.customers(pool, 3)
    asked: list[dict[str, Any]] = [
        {},
        {"window": Window(1)},
        {"order": "OPENED_EARLIEST"},
        {"level": "A"},
        {"search": "没有这个名字"},
    ]
    reads = await asyncio.gather(*(shared(who, pool, **how) for how in asked))
    shown = [[each.id for each in pages[pool.id].nodes] for pages, _ in reads]
    assert shown == [ids[::-1], ids[:1:-1], ids, [], []]


async def test_organizations_share_no_page(office: Office) -> None:
    other = await found("别家")
    people = [await each.person() for each in (office, other)]
    pools = [await each.pool() for each in (office, other)]
    ids = [await each.customers(pool, 2) for each, pool in zip((office, other), pools, strict=True)]
    reads = await asyncio.gather(*map(shared, people, pools))
    assert [set(told(*each)) for each in zip(people, reads, strict=True)] == [*map(set, ids)]


async def test_a_wrong_cursor_is_refused_to_each_who_gave_it(office: Office) -> None:
    pool, people = await office.pool(), [await office.person() for _ in range(3)]
    windows = [Window(20, "wrong"), Window(20, "wrong"), Window(20)]
    asked = [shared(who, pool, window=each) for who, each in zip(people, windows, strict=True)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in answers] == [InvalidInput, InvalidInput, tuple]


async def test_who_asks_after_a_change_sees_it(office: Office) -> None:
    """A page is read after it was asked for, also while another one is being read."""
    pool, claimer, reader = await office.pool(), await office.person(), await office.person()
    (id,) = await office.customers(pool, 1)
    for _ in range(20):
        early = asyncio.create_task(shared(reader, pool))
        await claims.claim(claimer, [id])
        late = await shared(reader, pool)
        assert not late[0][pool.id].nodes
        await early
        await releases.give_back(claimer, id, "不合适")
        assert [each.id for each in (await shared(reader, pool))[0][pool.id].nodes] == [id]
