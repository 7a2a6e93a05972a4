"""Every key that a customer ever had, one row a key, for the duplicate check.

`blocks` settles a race: of two writers who both found a key free, the unique index lets the first
one through, and the second looks again. A key written before anybody else looked needs no `blocks`.

The release before this one looks duplicates up by the columns name_key, phone_key, email_key and
registration_key, and serves until its processes are replaced. Both releases fill the columns; they
are no longer unique, as an organization chooses which keys refuse. The release before writes no
rows of customer_key and none of 0013's columns. The trigger marks the customers whose fields it
changes: `keyed_at` is null until the worker has written their keys and those columns. The next
release drops all but name_key, their indexes, the trigger, and customer_pooled_by_name, by which
the release before reads a pool.

What today's customers lack is worked out here, by today's rules, in slices.
"""

import asyncio
from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.duplicates.backlog import keep_all
from models.migrations._online import Online, online

THERE = "SELECT to_regclass('customer_key') IS NOT NULL"
TABLE = """
CREATE TABLE customer_key (
  id uuid NOT NULL DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  customer_id uuid NOT NULL,
  kind text NOT NULL,
  key text NOT NULL CHECK (key <> ''),
  blocks boolean NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT customer_key_kind CHECK (kind IN ('REGISTRATION_NUMBER', 'NAME', 'PHONE', 'EMAIL')),
  CONSTRAINT customer_key_once UNIQUE (organization_id, customer_id, kind, key),
  CONSTRAINT customer_key_customer FOREIGN KEY (organization_id, customer_id) REFERENCES customer
)
"""
BLOCKS = "ON customer_key (organization_id, kind, key) WHERE blocks"
FOUND = "ON customer_key (organization_id, key)"
COLUMN = "ALTER TABLE customer ADD COLUMN keyed_at timestamptz"
FUNCTION = """
CREATE OR REPLACE FUNCTION customer_without_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.keyed_at := NULL;
  IF NEW.name <> OLD.name THEN
    NEW.sort_name := '';
    NEW.masked_name := '';
  END IF;
  RETURN NEW;
END $$
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER customer_stale_keys
BEFORE UPDATE OF name, phone, email, registration_number ON customer
FOR EACH ROW WHEN (NEW.keyed_at IS NOT DISTINCT FROM OLD.keyed_at
  AND (NEW.name, NEW.phone, NEW.email, NEW.registration_number)
    IS DISTINCT FROM (OLD.name, OLD.phone, OLD.email, OLD.registration_number))
EXECUTE FUNCTION customer_without_keys()
"""
SORTED = "ON customer (organization_id, pool_id, sort_name, id) WHERE owner_id IS NULL"
LEFT = "SELECT EXISTS (SELECT FROM customer WHERE keyed_at IS NULL)"
COLUMNS = ("name_key", "phone_key", "email_key", "registration_key")
# Those of 0007_tenant_keys, which the release before the last one needed.
FORMER = (
    "department_former_id",
    "member_former_id",
    "pool_former_id",
    "seat_former_id",
    "seat_former_once",
    "customer_former_ruled_by",
    "customer_former_pooled",
    "customer_former_pooled_by_name",
)


async def customer_keys(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        if not await database.connection.fetchval(THERE):
            await database.briefly(f"{TABLE}; {COLUMN}; {FUNCTION}; {TRIGGER}")
        await database.build_index("customer_key_blocks", BLOCKS, unique=True)
        await database.build_index("customer_key_found", FOUND)
        await _free_columns(database)
        await database.build_index(
            "customer_unkeyed", "ON customer (organization_id, id) WHERE keyed_at IS NULL"
        )
        await _keep_all(database)
        await database.build_index("customer_pooled_by_sort_name", SORTED)
        for name in FORMER:
            await database.drop_index(name)


async def _keep_all(database: Online) -> None:
    while await database.connection.fetchval(LEFT):
        if not await keep_all(fetch=database.connection.fetch):
            # All that are left are in use.
            await asyncio.sleep(0.5)


async def _free_columns(database: Online) -> None:
    """Two customers may share a key that only warns; the release before still looks by column."""
    for column in COLUMNS:
        former = f"customer_former_{column}"
        await database.build_index(former, f"ON customer (organization_id, {column})")
        await database.drop_constraint("customer", f"customer_{column}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0013_sort_names")]
    operations = [operations.RunPython(customer_keys, atomic=False)]
