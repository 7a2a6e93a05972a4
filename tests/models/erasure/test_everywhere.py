"""After an erasure no column of any table has the person's data, no dump and no statistics."""

import json
import subprocess
from typing import Any
from uuid import UUID

import engines as embedded
from models import database
from models.channels.deliveries import greet
from models.erasure.erasing import ErasureReason, erase
from models.imports import stored
from models.ledger import replay
from models.ownership import claims, releases
from models.tables import Event
from models.viewers import Viewer
from tests.models.erasure.lives import (
    FILES,
    NO_PERSON,
    OTHERS,
    STEPS,
    TRACES,
    WORD,
    Life,
    mutations_with_text,
)
from tests.support.channels import channel, deliveries
from tests.support.samples import Office, connection, done
from tests.support.samples import found as founded

TABLES = """
SELECT quote_ident(relname) AS name FROM pg_class
WHERE relkind IN ('r', 'm', 'p') AND relnamespace = 'public'::regnamespace
"""
# A row as text has each of its columns, of every type.
SEARCH = "SELECT count(*) FROM {0} AS searched WHERE lower(searched::text) LIKE '%' || $1 || '%'"
STATISTICS = """
SELECT count(*) FROM pg_stats AS s WHERE schemaname = 'public'
  AND lower(s::text) LIKE '%' || $1 || '%'
"""


OF_OTHERS = """
SELECT 'c' AS of, to_jsonb(c)::text AS row FROM customer c WHERE id = $1 UNION ALL
SELECT 'k', to_jsonb(k)::text FROM customer_key k WHERE customer_id = $1 UNION ALL
SELECT 't', to_jsonb(t)::text FROM event_text t WHERE customer_id = $1 UNION ALL
SELECT 's', to_jsonb(s)::text FROM sheet s WHERE organization_id = $2 UNION ALL
SELECT 'd', to_jsonb(d)::text FROM channel_delivery d WHERE organization_id = $2
"""


async def found() -> dict[str, set[str]]:
    """By table: which traces are in it."""
    places: dict[str, set[str]] = {}
    async with connection() as own:
        for table in await own.fetch(TABLES):
            for trace in TRACES:
                if await own.fetchval(SEARCH.format(table["name"]), trace):
                    places.setdefault(table["name"], set()).add(trace)
    return places


def test_a_life_has_every_mutation_that_takes_a_text() -> None:
    assert mutations_with_text() | FILES == STEPS.keys() | OTHERS | NO_PERSON


async def lived(office: Office) -> Life:
    life = await Life.begin(office)
    for step in STEPS.values():
        await step(life)
    return life


async def test_an_erased_customer_is_nowhere(
    office: Office, engines: embedded.Engines, shared: str
) -> None:
    life = await lived(office)
    # PostgreSQL keeps the statistics of an empty table.
    await another(life)
    before = await found()
    assert before.keys() == {"customer", "customer_key", "event_text", "sheet"}
    assert set().union(*before.values()) == set(TRACES)
    async with connection() as own:
        await own.execute("ANALYZE customer, customer_key, event_text")
        assert any([await own.fetchval(STATISTICS, trace) for trace in TRACES])
    ids = await event_ids(life.id)
    done(await erase(life.admin, life.id, ErasureReason.REQUESTED))
    assert await found() == {}
    assert await replay.differences() == []
    assert set(ids) < set(await event_ids(life.id))
    dump = dumped(engines.postgres, shared)
    assert "COPY public.event_text" in dump
    assert [trace for trace in TRACES if trace in dump.lower()] == []
    async with connection() as own:
        await own.execute("VACUUM (ANALYZE) customer, customer_key, event, event_text")
        assert not any([await own.fetchval(STATISTICS, trace) for trace in TRACES])


async def test_what_is_of_others_stays(office: Office) -> None:
    life = await lived(office)
    other, elsewhere = await another(life), await elsewhere_as_well()
    before = await of_others(other, elsewhere.id)
    assert {each["of"] for each in before} == {"c", "k", "t", "s", "d"}
    done(await erase(life.admin, life.id, ErasureReason.OBJECTED))
    assert await of_others(other, elsewhere.id) == before
    (left,) = await database.rows("SELECT customer_id, reason FROM event_text")
    assert left == {"customer_id": other, "reason": "不合适"}


async def test_what_a_robot_said_goes_and_how_it_failed_stays(office: Office) -> None:
    id, admin = await office.customer(await office.pool()), await office.admin()
    said, unsaid = [await greeted(admin, facts) for facts in ({"reason": WORD}, {"code": 1})]
    done(await erase(admin, id, ErasureReason.OBJECTED))
    problems = {each.id: each.problem["facts"] for each in await deliveries()}
    assert problems == {said: {"reason": ""}, unsaid: {"code": 1}}


async def elsewhere_as_well() -> Office:
    """Another organization with a sheet, and with a message that a robot refused."""
    elsewhere = await founded("别家")
    await elsewhere.pool()
    admin = await elsewhere.admin()
    await stored.upload(admin, "name\n别家客户\n".encode())
    await greeted(admin, {"reason": "no"})
    return elsewhere


async def greeted(who: Viewer, facts: dict[str, Any]) -> UUID:
    """A message of a channel that failed with these facts."""
    made = await channel(who, "WECOM", "http://127.0.0.1:9/")
    delivery = await greet(who, made.id)
    failed = json.dumps({"template": "x", "facts": facts})
    await database.rows(
        "UPDATE channel_delivery SET problem = $2::jsonb WHERE id = $1", delivery.id, failed
    )
    return delivery.id


async def of_others(customer_id: UUID, organization_id: UUID) -> list[dict[str, Any]]:
    return await database.rows(OF_OTHERS, customer_id, organization_id)


async def another(life: Life) -> UUID:
    """A customer that stays, with a text."""
    id = await life.office.customer(life.pool)
    await claims.claim(life.li, [id])
    await releases.give_back(life.li, id, "不合适")
    return id


async def event_ids(customer_id: UUID) -> list[UUID]:
    rows = await Event.filter(customer_id=customer_id).order_by("seq")
    return [each.id for each in rows]


def dumped(postgres: embedded.Postgres, name: str) -> str:
    address = ["-h", str(postgres.sockets), "-U", "postgres", name]
    command = [f"{postgres.bin}/pg_dump", *address]
    done = subprocess.run(command, check=True, capture_output=True, **postgres.popen_user())
    return str(done.stdout.decode())
