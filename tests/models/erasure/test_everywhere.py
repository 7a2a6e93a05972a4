"""After an erasure no column of any table has the person's data, no dump and no statistics."""

import subprocess
from uuid import UUID

import engines as embedded
from models import database
from models.erasure.erasing import ErasureReason, erase
from models.ledger import replay
from models.ownership import claims, releases
from models.tables import Event
from tests.models.erasure.lives import (
    FILES,
    NO_PERSON,
    OTHERS,
    STEPS,
    TRACES,
    Life,
    mutations_with_text,
)
from tests.support.samples import Office, connection, done

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


async def test_texts_of_other_customers_stay(office: Office) -> None:
    life = await lived(office)
    other = await another(life)
    done(await erase(life.admin, life.id, ErasureReason.OBJECTED))
    (left,) = await database.rows("SELECT customer_id, reason FROM event_text")
    assert left == {"customer_id": other, "reason": "不合适"}


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
