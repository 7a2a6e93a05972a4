"""The organization comes first in every key and index of a tenant table.

Runs while the release before this one serves. That release needs FORMER_KEYS, which its upserts
name and by which its claims, releases and sweeps look rows up, and FORMER_INDEXES, by which it
reads a pool. The next release drops them, save customer_former_id: a queued job names its customer
by id alone. Its other lists read by skip scans until its processes are replaced. Two first claims
of one member in one pool at the same moment can fail there: its upsert names one of two keys.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import Online, online
from models.migrations._tenant_indexes import INDEXES, UNIQUE_INDEXES

FORMER_KEYS = {
    "department_former_id": "ON department (id)",
    "member_former_id": "ON member (id)",
    "pool_former_id": "ON pool (id)",
    "seat_former_id": "ON seat (id)",
    "seat_former_once": "ON seat (pool_id, member_id)",
    "customer_former_id": "ON customer (id)",
}
FORMER_INDEXES = {
    "customer_former_ruled_by": "ON customer (pool_id, rules_version) WHERE owner_id IS NOT NULL",
    "customer_former_pooled": "ON customer (pool_id, opened_at, id) WHERE owner_id IS NULL",
    "customer_former_pooled_by_name": """ON customer (pool_id, (name COLLATE "C"), id)
      WHERE owner_id IS NULL""",
}

TABLES = (
    "department",
    "member",
    "pool",
    "pool_rules",
    "pool_access",
    "seat",
    "customer",
    "event",
    "organization_calendar",
    "webhook",
    "webhook_delivery",
)
UNIQUE = (
    ("pool_rules", "pool_rules_version", "UNIQUE", "pool_id, version"),
    (
        "pool_access",
        "pool_access_once",
        "UNIQUE NULLS NOT DISTINCT",
        "pool_id, member_id, department_id, administers",
    ),
    ("seat", "seat_once", "UNIQUE", "pool_id, member_id"),
    ("webhook_delivery", "webhook_delivery_once", "UNIQUE", "webhook_id, event_id"),
)
# Of each target, the keys that point at it: table, name, column and what follows.
FOREIGN = {
    "department": (
        ("member", "member_department", "department_id"),
        ("pool_access", "pool_access_department", "department_id"),
    ),
    "member": (
        ("pool_rules", "pool_rules_actor", "actor_id"),
        ("pool_access", "pool_access_member", "member_id"),
        ("seat", "seat_member", "member_id"),
        ("customer", "customer_owner", "owner_id"),
        ("event", "event_actor", "actor_id"),
        ("event", "event_member", "member_id"),
        ("event", "event_former", "former_id"),
    ),
    "pool": (
        ("pool_rules", "pool_rules_pool", "pool_id"),
        ("pool_access", "pool_access_pool", "pool_id"),
        ("seat", "seat_pool", "pool_id"),
        ("customer", "customer_pool", "pool_id"),
        ("event", "event_pool", "pool_id"),
    ),
    "customer": (
        ("event", "event_customer", "customer_id"),
        ("webhook_delivery", "webhook_delivery_customer", "customer_id"),
    ),
    "webhook": (("webhook_delivery", "webhook_delivery_webhook", "webhook_id"),),
}
CASCADES = {"webhook_delivery_webhook"}


async def tenant_keys(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await _keep_former(database)
        await _swap_keys(database)
        for target, keys in FOREIGN.items():
            await _point_at_primary(database, target, keys)
        for name, definition in INDEXES.items():
            await database.replace_index(name, definition)
        for name, definition in UNIQUE_INDEXES.items():
            await database.replace_index(name, definition, unique=True)


async def _keep_former(database: Online) -> None:
    for name, definition in FORMER_KEYS.items():
        await database.build_index(name, definition, unique=True)
    for name, definition in FORMER_INDEXES.items():
        await database.build_index(name, definition)


async def _swap_keys(database: Online) -> None:
    for table in TABLES:
        await database.replace_key(table, f"{table}_pkey", "PRIMARY KEY", "organization_id, id")
    for table, name, kind, columns in UNIQUE:
        await database.replace_key(table, name, kind, f"organization_id, {columns}")


async def _point_at_primary(
    database: Online, target: str, keys: tuple[tuple[str, str, str], ...]
) -> None:
    """The keys that pointed at the unique constraint beside the primary key, which then goes."""
    for table, name, column in keys:
        tail = " ON DELETE CASCADE" if name in CASCADES else ""
        await database.point_to_primary(
            table, name, f"organization_id, {column}", f"{target}{tail}"
        )
    await database.drop_constraint(target, f"{target}_of")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0006_leavers")]
    operations = [operations.RunPython(tenant_keys, atomic=False)]
