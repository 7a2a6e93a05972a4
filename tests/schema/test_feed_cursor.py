"""A page and the events behind its `feedCursor`: together nothing is missed."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.ledger import feed
from models.ledger.actions import PoolChangeKind
from models.ownership import claims, releases
from models.tables import Customer, Pool
from models.texts.text import Language
from models.viewers import Viewer
from schema.base.context import Context
from schema.base.deadline import Deadline
from schema.base.listener import Listener
from settings import Settings
from tests.support.running import Client
from tests.support.samples import Office, done, under_way
from tests.support.sockets import ALERTS, CHANGES, following

PAGE = """
query($pool: ID!) { pool(id: $pool) { customers(first: 100) { feedCursor nodes { id } } } }
"""
INBOX = "{ viewer { alerts(first: 1) { unread feedCursor } } }"
OWN = "{ viewer { privatePool { customers { feedCursor } } } }"
MOST = 1000


def pool_id(pool: Pool) -> str:
    return f"Pool_{pool.id.hex}"


async def page_of(api: Client, who: Viewer, pool: Pool) -> tuple[str, set[UUID]]:
    answer = await api.data(who.member, PAGE, pool=pool_id(pool))
    page = answer["pool"]["customers"]
    ids = {UUID(each["id"].partition("_")[2]) for each in page["nodes"]}
    return page["feedCursor"], ids


async def later(who: Viewer, pool: Pool, cursor: str, ids: set[UUID]) -> set[UUID]:
    """The page's customers, with what happened behind the cursor."""
    start, end = await feed.parse_cursor(cursor, who.seal), await feed.head()
    scope = (who.organization.id, pool.id)
    for event in await feed.pool_changes_after(*scope, start, end, MOST):
        assert event.customer_id is not None
        opened = feed.pool_change(event) == PoolChangeKind.OPENED
        ids = ids | {event.customer_id} if opened else ids - {event.customer_id}
    return ids


async def test_what_was_not_committed_as_the_page_was_read_comes_behind_its_cursor(
    office: Office, api: Client
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    held, free = await office.customers(pool, 2)
    await claims.claim(han, [held])
    async with under_way(lambda: releases.give_back(han, held, "换人")):
        await claims.claim(li, [free])
        # Committed, though not settled before the release is.
        cursor, ids = await page_of(api, li, pool)
        assert ids == set()
    async with following(api, li.member, CHANGES, pool=pool_id(pool), after=cursor) as changes:
        told = [(each["kind"], each["customer"]["id"]) for each in await changes.several(2)]
    assert told == [("OPENED", f"Customer_{held.hex}"), ("CLAIMED", f"Customer_{free.hex}")]


async def test_pages_read_while_others_claim_and_release_end_up_alike(
    office: Office, api: Client
) -> None:
    pool, reader = await office.pool(), await office.person()
    writers = [await office.person() for _ in range(3)]
    free = await office.customers(pool, 30)
    over = asyncio.Event()

    async def write(who: Viewer, own: list[UUID]) -> None:
        for _ in range(20):
            id = random.choice(own)
            (outcome,) = await claims.claim(who, [id])
            if len(own) < 5 or random.random() < 0.6:
                done(outcome)
                done(await releases.give_back(who, id, "换人"))
            else:
                own.remove(id)

    async def read() -> list[tuple[str, set[UUID]]]:
        pages = []
        while not over.is_set():
            pages.append(await page_of(api, reader, pool))
        return pages

    reading = asyncio.create_task(read())
    try:
        await asyncio.gather(*(write(who, free[n::3]) for n, who in enumerate(writers)))
    finally:
        over.set()
        pages = await reading
    at_last = set(
        await Customer.filter(pool_id=pool.id, owner_id=None).values_list("id", flat=True)
    )
    assert len({frozenset(ids) for _, ids in pages}) > 3
    for cursor, ids in pages:
        assert await later(reader, pool, cursor, ids) == at_last


async def test_the_first_alert_of_a_member_comes_behind_the_cursor_of_no_alerts(
    office: Office, api: Client
) -> None:
    pool, li = await office.pool(), await office.person()
    customer = await office.customer(pool)
    alerts = (await api.data(li.member, INBOX))["viewer"]["alerts"]
    assert alerts["unread"] == 0
    done(await claims.assign(await office.admin(), customer, li.id))
    async with following(api, li.member, ALERTS, after=alerts["feedCursor"]) as socket:
        assert (await socket.next())["kind"] == "ASSIGNED"


async def test_every_list_of_customers_and_alerts_has_the_cursor_of_the_organization(
    office: Office, api: Client
) -> None:
    pool, li = await office.pool(), await office.person()
    await office.customer(pool)
    head = await feed.head()
    own = (await api.data(li.member, OWN))["viewer"]["privatePool"]["customers"]
    cursors = [own["feedCursor"], (await page_of(api, li, pool))[0]]
    assert [await feed.parse_cursor(each, li.seal) <= head for each in cursors] == [True, True]


async def test_before_the_feed_is_read_a_client_is_asked_to_come_again(
    office: Office, settings: Settings
) -> None:
    li: Any = await office.person()
    listener = Listener(settings)
    early = Context.of(li, listener, Language.CHINESE, Deadline())
    with pytest.raises(database.Unavailable):
        await early.feed_cursor()
    async with listener.listening():
        await listener.position()
        later = Context.of(li, listener, Language.CHINESE, Deadline())
        assert await feed.parse_cursor(await later.feed_cursor(), li.seal) == await feed.head()
        # What it has read may be older than where the listener began.
        with pytest.raises(database.Unavailable):
            await early.feed_cursor()
