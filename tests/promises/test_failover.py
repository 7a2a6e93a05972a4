"""Another machine takes over: the URL names both, and nobody tells Seapool which one serves."""

from collections.abc import Iterator
from uuid import UUID

import pytest

import engines as embedded
from models import database
from models.ledger import replay
from models.viewers import Viewer
from settings import Settings
from tests.support.asking import CLAIM, customer_gid
from tests.support.running import Client, short_folder
from tests.support.samples import found, until
from tests.support.standby import Standby, ask, follow, standby_of

READ_ONLY = "ALTER SYSTEM SET default_transaction_read_only = on"


@pytest.fixture
def standby(engines: embedded.Engines, template: str) -> Iterator[Standby]:
    with short_folder() as folder, standby_of(engines.postgres, folder) as standby:
        yield standby


@pytest.fixture
def settings(own_settings: Settings, engines: embedded.Engines, standby: Standby) -> Settings:
    """The standby is named first: it is asked, and left."""
    name = database.credentials(own_settings.database_url or "")["database"]
    hosts = f"{standby.sockets},{engines.postgres.sockets}"
    url = f"postgresql://postgres@/{name}?host={hosts}&target_session_attrs=read-write"
    return own_settings.model_copy(update={"database_url": url})


async def test_the_machine_that_takes_writes_is_found_by_reconnecting(
    settings: Settings, api: Client, engines: embedded.Engines, standby: Standby
) -> None:
    office = await found()
    li = await office.person()
    first, second, third = await office.customers(await office.pool(max_hold="P20D"), 3)
    assert await claim(api, li, first) == "Claimed"
    await follow(engines.postgres, standby)
    engines.postgres.kill()
    assert await claim(api, li, second) == "UNAVAILABLE"
    await ask(standby, "SELECT pg_promote()")
    await until(lambda: is_claimed(api, li, second))
    assert await claim(api, li, first) == "AlreadyHeld"
    assert await replay.differences() == []
    # It lives on and lets everybody in, as one does whose disk is full.
    engines.postgres.start()
    await ask(standby, READ_ONLY)
    await ask(standby, "SELECT pg_reload_conf()")
    await until(lambda: is_claimed(api, li, third))
    assert await replay.differences() == []


async def claim(api: Client, who: Viewer, customer: UUID) -> str:
    """The type of its answer, or the code of its error."""
    answer = await api.graphql(who.member, CLAIM, customer=customer_gid(customer))
    if "errors" in answer:
        return str(answer["errors"][0]["extensions"]["code"])
    return str(answer["data"]["claimCustomer"]["__typename"])


async def is_claimed(api: Client, who: Viewer, customer: UUID) -> bool:
    told = await claim(api, who, customer)
    assert told in {"Claimed", "UNAVAILABLE"}
    return told == "Claimed"
