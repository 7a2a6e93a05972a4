"""Members who ask at once are read in one statement, each with their own rights."""

import asyncio
import logging

import pytest

from models.organizations import leaving
from models.ownership import claims
from models.pools import access
from models.viewing import viewer_with_pools
from tests.support.samples import Office, done, found

STATEMENTS = "tortoise.db_client"


async def test_members_who_ask_at_once_share_a_statement_and_no_right(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    own, _ = await office.pool(), await office.pool()
    foreign = await (await found("别家")).pool()
    li, han, gone = [await office.person() for _ in range(3)]
    admin = await office.admin()
    await access.set_access(admin, own.id, [li.id], [], [])
    await leaving.deactivate(admin, gone.id)
    named = [own.id, foreign.id]
    with caplog.at_level(logging.DEBUG, STATEMENTS):
        asked = [viewer_with_pools(office.id, each.id, named) for each in (li, han, gone, li)]
        answers = await asyncio.gather(*asked)
    assert len([each for each in caplog.records if each.name == STATEMENTS]) == 1
    assert answers[2] is None
    seen = [each for each in answers if each]
    assert [each[0].id for each in seen] == [li.id, han.id, li.id]
    assert [own.id in each[0].open_pools for each in seen] == [True, False, True]
    assert [[pool.id for pool in each[1]] for each in seen] == [[own.id]] * 3
    alone = await viewer_with_pools(office.id, li.id, [foreign.id])
    assert alone
    assert alone[1] == []


async def test_claims_that_arrive_together_take_two_statements(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    pool = await office.pool(max_hold="P20D")
    people = [await office.person() for _ in range(6)]
    first, second = [await office.customers(pool, len(people)) for _ in range(2)]
    for who, id in zip(people, first, strict=True):
        await claims.claim(who, [id])
    with caplog.at_level(logging.DEBUG, STATEMENTS):
        asked = [claims.claim(who, [id]) for who, id in zip(people, second, strict=True)]
        outcomes = await asyncio.gather(*asked)
    claimed = [done(outcome) for (outcome,) in outcomes]
    assert [each.id for each in claimed] == second
    assert [each.owner_id for each in claimed] == [who.id for who in people]
    assert len([each for each in caplog.records if each.name == STATEMENTS]) == 2
