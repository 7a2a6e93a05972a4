"""Requests that come together read their members together, and each as of its own arrival."""

import asyncio
from uuid import uuid4

import pytest

from models import database
from schema.base.loading.arrivals import AT_ONCE, Arrivals
from tests.support.samples import Office, found

LEAVE = "UPDATE member SET active = false WHERE organization_id = $1 AND id = $2"


async def test_members_of_any_organization_are_read_by_few_statements(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    other = await found("别家企业")
    mine, theirs = await office.person(), await other.person()
    keys = [(office.id, mine.id), (other.id, theirs.id), (office.id, theirs.id)] * 10
    keys.append((office.id, uuid4()))
    arrivals = Arrivals()
    caplog.set_level("DEBUG", "tortoise.db_client")
    caplog.clear()
    answers = await asyncio.gather(*(arrivals.viewer(*key) for key in keys))
    assert [each and (each.organization.id, each.id) for each in answers] == [
        key if key in ((office.id, mine.id), (other.id, theirs.id)) else None for key in keys
    ]
    asked = [each for each in caplog.records if "FROM unnest" in each.getMessage()]
    assert 1 <= len(asked) <= AT_ONCE + 1


async def test_a_read_begins_after_the_request_came(office: Office) -> None:
    for rounds in range(8):
        li = await office.person()
        arrivals = Arrivals()
        before = [asyncio.create_task(arrivals.viewer(office.id, li.id)) for _ in range(3)]
        for _ in range(rounds):
            await asyncio.sleep(0)
        await database.rows(LEAVE, office.id, li.id)
        assert await arrivals.viewer(office.id, li.id) is None
        await asyncio.gather(*before)


async def test_who_leaves_ends_nobody_elses_read(office: Office) -> None:
    li, han = await office.person(), await office.person()
    arrivals = Arrivals()
    leaving = asyncio.create_task(arrivals.viewer(office.id, li.id))
    staying = asyncio.create_task(arrivals.viewer(office.id, li.id))
    other = asyncio.create_task(arrivals.viewer(office.id, han.id))
    await asyncio.sleep(0)
    leaving.cancel()
    for task, who in ((staying, li), (other, han)):
        viewer = await task
        assert viewer is not None
        assert viewer.id == who.id
    assert leaving.cancelled()
