"""What the keys of a tenant table begin with, asked of the catalogue for every table there is."""

import importlib

import pytest

from models import database as databases

TENANT_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND a.attname = 'organization_id'
"""
INDEXES = """
SELECT t.relname AS table, i.relname AS name, x.indisprimary AS primary, x.indisunique AS unique,
  x.indisvalid AS valid,
  ARRAY(SELECT pg_get_indexdef(i.oid, n, true) FROM generate_series(1, x.indnkeyatts) AS n)
    AS columns
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
WHERE t.relnamespace = 'public'::regnamespace
"""
FOREIGN_KEYS = """
SELECT k.conname AS name, k.confrelid::regclass::text AS target, k.convalidated AS valid,
  x.indisprimary AS to_primary,
  ARRAY(SELECT attname FROM unnest(k.conkey) WITH ORDINALITY AS c(number, place)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number ORDER BY place)::text[]
    AS columns
FROM pg_constraint k JOIN pg_index x ON x.indexrelid = k.conindid
WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
"""
# Index: why it serves all organizations at once.
FOR_ALL = {
    "customer_due": "the drain releases what is due, of whichever organization",
    "customer_remind": "reminders are due in the same way",
    "event_feed": "the feed is read in the order of the whole ledger",
    "channel_due": "a worker looks at the channels that are due, of whichever organization",
    "channel_delivery_ended": "old messages are forgotten by their age",
    "webhook_delivery_ended": "old deliveries are forgotten by their age",
    "sheet_expiry": "old sheets are forgotten by their age",
    "customer_search": "it begins with the pool, and a pool is one organization's",
}
MIGRATION = importlib.import_module("models.migrations.0007_tenant_keys")
# A queued job names its customer by id alone.
FORMER = {"customer_former_id"}


@pytest.fixture
async def tenants(database: None) -> set[str]:
    return {row["relname"] for row in await databases.rows(TENANT_TABLES)}


async def test_organization_and_id_are_the_primary_key(tenants: set[str]) -> None:
    rows = await databases.rows(INDEXES)
    keys = {row["table"]: row["columns"] for row in rows if row["primary"]}
    assert len(tenants) == 18
    assert {keys[table] == ["organization_id", "id"] for table in tenants} == {True}


async def test_the_organization_comes_first_in_every_index(tenants: set[str]) -> None:
    rows = [row for row in await databases.rows(INDEXES) if row["table"] in tenants]
    others = {row["name"] for row in rows if row["columns"][0] != "organization_id"}
    assert others == FOR_ALL.keys() | FORMER
    unique = {row["name"] for row in rows if row["unique"]}
    assert unique & FOR_ALL.keys() == set()
    assert all(row["valid"] for row in rows)


async def test_the_organization_comes_first_in_every_foreign_key(tenants: set[str]) -> None:
    keys = await databases.rows(FOREIGN_KEYS)
    assert len(keys) == 38
    for key in keys:
        alone = key["target"] == "organization" and key["columns"] == ["organization_id"]
        tenant = key["target"] in tenants and len(key["columns"]) == 2
        assert alone or tenant, key
        assert (key["columns"][0], key["valid"], key["to_primary"]) == (
            "organization_id",
            True,
            True,
        )


async def test_no_two_indexes_are_the_same(database: None) -> None:
    same = await databases.rows(
        "SELECT array_agg(indexrelid::regclass::text) AS names FROM pg_index"
        " WHERE indrelid::regclass::text !~ '^pg_'"
        " GROUP BY indrelid, indkey, indexprs::text, indpred::text, indclass HAVING count(*) > 1"
    )
    assert same == []
