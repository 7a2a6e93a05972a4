"""The listener reads what its own process has committed, with or without Valkey."""

from functools import partial
from uuid import UUID

import pytest

from models import database
from models.ownership import claims
from models.queue.doorbell import DOORBELL
from models.queue.queue import queue
from models.queue.valkey import client
from models.tables import Event
from schema.base import listener
from schema.base.listener import Listener
from settings import Settings
from tests.support.samples import Office, until


class Noted:
    """A sink that notes whose events it gets."""

    def __init__(self) -> None:
        self.customers: list[UUID | None] = []

    def put(self, event: Event) -> None:
        self.customers.append(event.customer_id)

    def wake(self) -> None: ...


async def test_a_ring_of_its_process_wakes_the_listener_without_valkey(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, li = await office.pool(), await office.person()
    ids = await office.customers(pool, 2)
    # It looks when it begins, and then for rings alone.
    monkeypatch.setattr(listener, "POLL_SECONDS", 600.0)
    monkeypatch.setattr(listener, "SOON_SECONDS", ())
    # Nobody listens on this port.
    alone, noted = settings.model_copy(update={"redis_url": "redis://127.0.0.1:9"}), Noted()
    hears = Listener(alone)

    async def has_noted(count: int) -> bool:
        """Another session's transaction may still hold up the event: it is looked for again."""
        queue.bell.ring()
        return noted.customers == ids[:count]

    async with hears.listening():
        await hears.position()
        with hears.of_pool(pool.id, noted):
            for count, id in enumerate(ids, 1):
                await claims.claim(li, [id])
                await until(partial(has_noted, count))


async def test_a_ring_of_another_process_wakes_the_listener(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = await office.pool()
    id = await office.customer(pool)
    monkeypatch.setattr(listener, "POLL_SECONDS", 600.0)
    monkeypatch.setattr(listener, "SOON_SECONDS", ())
    hears, noted = Listener(settings), Noted()
    async with client(settings) as redis, hears.listening():
        await hears.position()

        async def has_noted() -> bool:
            await redis.publish(DOORBELL, b"another")
            return noted.customers == [id]

        with hears.of_pool(pool.id, noted):
            # Another process writes it: no bell of this one rings.
            await database.rows(
                "INSERT INTO event (organization_id, customer_id, epoch, action, pool_id)"
                " VALUES ($1, $2, 0, 'UPDATED', $3)",
                office.id,
                id,
                pool.id,
            )
            await until(has_noted)
