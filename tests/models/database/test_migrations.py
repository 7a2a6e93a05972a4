import asyncio
from itertools import pairwise

import asyncpg

import engines as embedded
from engines.child import environment_of
from models import database as databases
from models import tables
from settings import Settings
from tests.conftest import command, settings_of
from tests.support import commands
from tests.support.running import ROOT, clean_environment

CONSTRAINTS = """
SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE t.relnamespace = 'public'::regnamespace AND c.contype IN ('c', 'f', 'u', 'p', 'x')
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = 'public'
"""
NAMED = {
    "customer": {
        "customer_pool",
        "customer_owner",
        "customer_held",
        "customer_open",
        "customer_ruled",
        "customer_release_held",
        "customer_release_why",
        "customer_reminders",
        "customer_work_held",
        "customer_unannounced",
        "customer_announced",
        "customer_pooled_or_gone",
        "customer_erased",
        "customer_erased_unowned",
        "customer_erased_from",
        "customer_merged_unowned",
        "customer_merged_into",
    },
    "event": {
        "event_action",
        "event_of_customer",
        "event_of_somebody",
        "event_customer",
        "event_actor",
        "event_member",
        "event_former",
        "event_pool",
    },
    "seat": {"seat_counts", "seat_once", "seat_pool", "seat_member"},
    "pool": {"pool_name", "pool_release_elsewhere", "pool_release_to"},
    "pool_rules": {"pool_rules_version", "pool_rules_pool", "pool_rules_actor"},
    "pool_access": {
        "pool_access_one",
        "pool_access_administrator",
        "pool_access_once",
        "pool_access_pool",
        "pool_access_member",
        "pool_access_department",
    },
    "member": {"member_department"},
    "department": {"department_name"},
    "organization": {
        "organization_duplicate_keys",
        "organization_lookup_limit",
        "organization_quiet",
    },
    "customer_key": {"customer_key_kind", "customer_key_once", "customer_key_customer"},
    "lookup": {"lookup_once", "lookup_member"},
    "sheet": {"sheet_kind", "sheet_member"},
    "event_text": {"event_text_pkey", "event_text_some", "event_text_customer"},
}
PARTIAL = {
    "customer_pooled": "WHERE (owner_id IS NULL)",
    "customer_pooled_by_name": "WHERE (owner_id IS NULL)",
    "customer_pooled_by_sort_name": "WHERE (owner_id IS NULL)",
    "customer_pooled_by_level": "WHERE ((owner_id IS NULL) AND (level IS NOT NULL))",
    "customer_former_phone_key": "WHERE (phone_key IS NOT NULL)",
    "customer_former_email_key": "WHERE (email_key IS NOT NULL)",
    "customer_former_registration_key": "WHERE (registration_key IS NOT NULL)",
    "customer_held_by": "WHERE (owner_id IS NOT NULL)",
    "customer_unkeyed": "WHERE (keyed_at IS NULL)",
    "customer_due": "(release_at, id) WHERE (release_at IS NOT NULL)",
    "customer_remind": "WHERE (next_remind_at IS NOT NULL)",
    "customer_ruled_by": "WHERE (owner_id IS NOT NULL)",
    "event_history": "WHERE (customer_id IS NOT NULL)",
    "event_follow_ups": "WHERE (action = 'FOLLOWED_UP'::text)",
    "event_lost": "WHERE (former_id IS NOT NULL)",
    "event_one_answer": "WHERE (idempotency_key IS NOT NULL)",
    "event_one_reminder": "WHERE (action = 'REMINDED'::text)",
    "event_alerts": "'REMINDED'",
    "event_alerts_told": "'ESCALATED'",
    "event_one_escalation": "WHERE (action = 'ESCALATED'::text)",
    "pool_escalating": "escalate_before",
    "event_alerts_former": "WHERE (action = 'TRANSFERRED'::text)",
    "event_alerts_read": "WHERE (action = 'ALERTS_READ'::text)",
    "event_pool_changes": "'CREATED'",
    "event_lookups_missed": "WHERE (action = 'LOOKUPS_MISSED'::text)",
    "event_once_an_ownership": "'CLAIMED'",
    "member_absences_changed": "WHERE (absences_at IS NOT NULL)",
    "event_dealt": "(details ? 'dealt'::text)",
    "pool_dealing": "'distribution'::text) IS NOT NULL",
}
UNIQUE = {
    "customer_key_blocks",
    "member_email",
    "event_once_an_ownership",
    "event_one_reminder",
    "event_one_answer",
    "event_one_escalation",
}
MODELS = [
    tables.Organization,
    tables.Department,
    tables.Member,
    tables.Pool,
    tables.PoolRules,
    tables.PoolAccess,
    tables.Seat,
    tables.Customer,
    tables.CustomerKey,
    tables.Event,
]
# Made by the database for its own indexes, or used in statements alone.
GENERATED = {
    "customer": {"search_name", "name_grams", "next_remind_at", "sort_name", "masked_name"},
    "organization": {"cursor_key", "quiet_from", "quiet_to", "escalates_at", "pinged_at"},
    "member": {"absences_at"},
    "pool": {"release_to"},
}
# Null in a customer that was merged into another one, which is only read to find that one.
NULLABLE = {"customer": {"pool_id": True}}
# For the release before, and what tells that it wrote a row.
FORMER = {"customer": {"name_key", "phone_key", "email_key", "registration_key", "keyed_at"}}


def test_each_migration_follows_the_one_before() -> None:
    files = sorted((ROOT / "models" / "migrations").glob("[0-9]*.py"))
    names = [file.stem for file in files]
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for before, file in pairwise(files):
        assert f'dependencies = [("models", "{before.stem}")]' in file.read_text("utf-8")


async def test_every_constraint_is_in_the_database(database: None) -> None:
    present = {row["conname"] for row in await databases.rows(CONSTRAINTS)}
    for names in NAMED.values():
        assert names - present == set()


async def test_every_index_is_in_the_database_with_its_condition(database: None) -> None:
    present = {row["indexname"]: row["indexdef"] for row in await databases.rows(INDEXES)}
    for name, condition in PARTIAL.items():
        assert condition in present[name]
    for name in UNIQUE:
        assert present[name].startswith("CREATE UNIQUE INDEX")
    assert "USING gin (pool_id, name_grams)" in present["customer_search"]
    names = "INCLUDE (search_name, masked_name) WHERE (owner_id IS NULL)"
    assert present["customer_pooled"].endswith(names)
    assert "key, kind, NULLIF(blocks, false))" in present["customer_key_blocks"]
    assert {"event_feed", "seat_by_member", "member_by_name"} <= present.keys()


async def test_the_ledger_has_its_guard(database: None) -> None:
    triggers = await databases.rows(
        "SELECT tgname, tgenabled, pg_get_triggerdef(oid) AS definition FROM pg_trigger"
        " WHERE tgrelid = 'event'::regclass AND NOT tgisinternal ORDER BY tgname"
    )
    whole, moves = (trigger["definition"] for trigger in triggers)
    assert [trigger["tgname"] for trigger in triggers] == ["event_append_only", "event_text_moves"]
    assert {trigger["tgenabled"] for trigger in triggers} == {b"O"}
    for word in ("BEFORE", "DELETE", "TRUNCATE", "FOR EACH STATEMENT"):
        assert word in whole
    assert "BEFORE UPDATE ON public.event FOR EACH ROW" in moves


async def test_the_models_have_the_columns_of_the_tables(database: None) -> None:
    present: dict[str, dict[str, bool]] = {}
    for row in await databases.rows(COLUMNS):
        nullable = row["is_nullable"] == "YES"
        present.setdefault(row["table_name"], {})[row["column_name"]] = nullable
    for model in MODELS:
        table = model._meta.db_table
        columns = {
            field.source_field or name: field.null for name, field in model._meta.fields_map.items()
        } | NULLABLE.get(table, {})
        made = GENERATED.get(table, set()) | FORMER.get(table, set())
        kept = {n: null for n, null in present[model._meta.db_table].items() if n not in made}
        assert columns == kept, model


async def test_migrating_three_times_at_once_and_again_is_migrating_once(
    engines: embedded.Engines, template: str
) -> None:
    settings = settings_of(engines, "seapool_migrated")
    await command(engines, "DROP DATABASE IF EXISTS seapool_migrated WITH (FORCE)")
    await command(engines, "CREATE DATABASE seapool_migrated")
    try:
        assert await asyncio.gather(*(migrated(settings) for _ in range(3))) == [0, 0, 0]
        first = await shape(settings)
        assert first == await shape(settings_of(engines, template))
        await databases.migrate(settings)
        assert await shape(settings) == first
    finally:
        await command(engines, "DROP DATABASE seapool_migrated WITH (FORCE)")


async def migrated(settings: Settings) -> int:
    known = clean_environment() | environment_of(settings)
    return (await asyncio.to_thread(commands.run, ["migrate"], known)).returncode


async def shape(settings: Settings) -> list[tuple[object, ...]]:
    own = await asyncpg.connect(**databases.credentials(settings.database_url or ""))
    try:
        answers = [await own.fetch(sql) for sql in (COLUMNS, INDEXES, CONSTRAINTS)]
        return sorted(tuple(row) for answer in answers for row in answer)
    finally:
        await own.close()
