"""Migrations of a live database: killed at any step they go on, and old rows come along."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

import engines as embedded
from engines.child import environment_of
from models import database as databases
from settings import Settings
from tests.conftest import settings_of
from tests.models.database.released import MARKERS, connection, released
from tests.models.database.test_migrations import shape
from tests.support.running import ROOT, clean_environment

# The backend that migrates dies before every $1th command, outside of what a transaction keeps.
KILLER = """
CREATE UNLOGGED SEQUENCE commands;
CREATE FUNCTION kill() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('commands') % {0} = 0 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
END $$;
CREATE EVENT TRIGGER killer ON ddl_command_{1} EXECUTE FUNCTION kill();
"""
PEACE = "DROP EVENT TRIGGER killer; DROP FUNCTION kill; DROP SEQUENCE commands"
INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
BUILT = "SELECT count(*) FROM pg_class WHERE relname = 'seat_pkey_new'"
GONE = """
SELECT NOT EXISTS (SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'seapool')
"""
# As the release before asks and writes.
DECIDED = """
EXPLAIN SELECT * FROM event WHERE organization_id = '01a21fc3-78bd-77ce-8992-3fed57d6af17'
  AND {} = '01a21fc3-78bd-77ce-8992-3fed57d6af18'
  AND action IN ('EXTENDED', 'EXTENSION_DECLINED') AND (txid, seq) > ('1'::xid8, 1)
ORDER BY txid, seq LIMIT 7
"""
FORMER_RELEASE = """
UPDATE customer SET owner_id = NULL, epoch = epoch + 1, opened_at = now(), claimed_at = NULL,
  won_at = NULL, rules_version = NULL, release_at = NULL, release_reason = NULL,
  remind_at = DEFAULT, remind_offsets = DEFAULT
WHERE name = 'never'
"""
KILLED = (
    asyncpg.AdminShutdownError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.InterfaceError,
    ConnectionError,
)
KNEW = datetime(2027, 4, 1, 8, tzinfo=UTC)


@pytest.fixture
async def old(engines: embedded.Engines) -> AsyncIterator[Settings]:
    async with released(engines, "seapool_released") as settings:
        yield settings


@pytest.mark.parametrize(("every", "when"), [(9, "start"), (7, "end")])
async def test_killed_again_and_again_it_gets_to_the_same_shape(
    engines: embedded.Engines, template: str, old: Settings, every: int, when: str
) -> None:
    async with connection(old) as own:
        # One statement with 200 commands inside: it happens as a whole, or not at all.
        await own.execute("CREATE EXTENSION btree_gin")
        await own.execute(KILLER.format(every, when))
        kills = 0
        while not await migrates(old):
            kills += 1
            assert kills < 100
        assert kills > 10
        await own.execute("ALTER EVENT TRIGGER killer DISABLE")
        await own.execute(PEACE)
    assert await shape(old) == await shape(settings_of(engines, template))


async def test_an_index_whose_build_was_killed_is_built_again(
    engines: embedded.Engines, template: str, old: Settings
) -> None:
    async with connection(old) as reader, reader.transaction(isolation="repeatable_read"):
        await reader.fetch("SELECT FROM customer")
        running = await started(old)
        await until(old, INVALID)
        running.kill()
        await running.wait()
        await gone(old)
    async with connection(old) as own:
        assert await own.fetchval(INVALID) == 1
    await databases.migrate(old)
    assert await shape(old) == await shape(settings_of(engines, template))


async def test_a_reader_that_does_not_end_holds_up_the_migration_and_nobody_else(
    engines: embedded.Engines, template: str, old: Settings
) -> None:
    async with connection(old) as reader, connection(old) as writer:
        async with reader.transaction():
            await reader.execute("SELECT FROM seat")
            running = await started(old)
            await until(old, BUILT)
            for _ in range(20):
                await writer.execute("UPDATE seat SET won = 0", timeout=1)
                await asyncio.sleep(0.05)
            running.kill()
            await running.wait()
        await gone(old)
    await databases.migrate(old)
    assert await shape(old) == await shape(settings_of(engines, template))


async def test_done_but_not_noted_as_done_it_changes_nothing(old: Settings) -> None:
    await databases.migrate(old)
    before = await shape(old)
    async with connection(old) as own:
        indexes = await own.fetch("SELECT indexrelid FROM pg_index ORDER BY 1")
        await own.execute("DELETE FROM tortoise_migrations WHERE name > '0007'")
        await databases.migrate(old)
        assert await own.fetch("SELECT indexrelid FROM pg_index ORDER BY 1") == indexes
    assert await shape(old) == before


async def test_whom_nobody_told_of_a_nearer_release_is_still_to_be_told(old: Settings) -> None:
    await databases.migrate(old)
    async with connection(old) as own:
        assert [tuple(row) for row in await own.fetch(MARKERS)] == [
            ("heard", ["P3D"], None, None),
            ("knew", [f"nearer 7 {KNEW.isoformat()}", "P3D"], 7, KNEW),
            ("knew none", ["nearer 12"], 12, None),
            ("never", [], None, None),
        ]
        events = await own.fetch("SELECT details ->> 'offset' AS offset FROM event")
    assert {row["offset"] for row in events} == {f"nearer 7 {KNEW.isoformat()}"}


async def test_the_release_before_goes_on_writing_as_it_did(old: Settings) -> None:
    await databases.migrate(old)
    async with connection(old) as own:
        write = "UPDATE customer SET remind_offsets[1] = $2 WHERE name = $1"
        await own.execute(write, "heard", f"nearer 9 {KNEW.isoformat()}")
        await own.execute(write, "knew", "P3D")
        await own.execute(write, "knew none", "nearer 13")
        assert [tuple(row)[1:] for row in await own.fetch(MARKERS)][:3] == [
            ([f"nearer 9 {KNEW.isoformat()}"], 9, KNEW),
            (["P3D", "P3D"], None, None),
            (["nearer 13"], 13, None),
        ]
        for change in ("remind_offsets[1] = 'nearer'", "announced_release_at = now()"):
            with pytest.raises(asyncpg.CheckViolationError):
                await own.execute(f"UPDATE customer SET {change} WHERE name = 'knew'")


async def test_the_release_before_reads_what_this_one_writes(old: Settings) -> None:
    await databases.migrate(old)
    async with connection(old) as own:
        write = """UPDATE customer SET remind_offsets = ARRAY['nearer'],
          unannounced_rules_version = 9, announced_release_at = $2 WHERE name = $1"""
        await own.execute(write, "heard", KNEW)
        await own.execute(write, "knew none", None)
        heard, _, knew_none, _ = [tuple(row)[1:] for row in await own.fetch(MARKERS)]
    assert heard == ([f"nearer 9 {KNEW.isoformat()}"], 9, KNEW)
    assert knew_none == (["nearer 9"], 9, None)


@pytest.mark.parametrize(
    ("party", "index"),
    [("member_id", "event_decided_for"), ("actor_id", "event_decided_by")],
)
async def test_the_release_before_finds_decided_extensions_by_the_index_of_all_decisions(
    old: Settings, party: str, index: str
) -> None:
    await databases.migrate(old)
    async with connection(old) as own:
        await own.execute("SET enable_seqscan = off")
        plan = await own.fetch(DECIDED.format(party))
    text = "\n".join(row["QUERY PLAN"] for row in plan)
    assert index in text
    assert "Sort" not in text


async def test_the_release_before_lets_go_of_a_customer_whose_deal_waits(old: Settings) -> None:
    await databases.migrate(old)
    async with connection(old) as own:
        await own.execute("UPDATE customer SET deal_reported_at = now() WHERE name = 'never'")
        await own.execute(FORMER_RELEASE)
        row = await own.fetchrow("SELECT * FROM customer WHERE name = 'never'")
    assert row["owner_id"] is None
    assert (row["level_by_owner"], row["granted_level"]) == (False, None)


async def migrates(settings: Settings) -> bool:
    """Whether it came through."""
    try:
        await databases.migrate(settings)
    except KILLED:
        return False
    return True


async def started(settings: Settings) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "manage.py",
        "migrate",
        cwd=ROOT,
        env=clean_environment() | environment_of(settings),
        stdout=asyncio.subprocess.DEVNULL,
    )


async def until(settings: Settings, asked: str) -> None:
    async with connection(settings) as own, asyncio.timeout(20):
        while not await own.fetchval(asked):
            await asyncio.sleep(0.02)


async def gone(settings: Settings) -> None:
    """The server has noticed that the client was killed."""
    await until(settings, GONE)
