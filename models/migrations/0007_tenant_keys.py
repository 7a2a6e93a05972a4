"""The organization comes first in every key and index of a tenant table.

Runs while the release before this one serves. FORMER is what that release needs: its upserts name
two of these keys, and its claims, releases and sweeps look rows up without the organization. The
next release drops them. Its lists and reports read by a skip scan until its processes are replaced.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import Online, online

FORMER = {
    "department_former_id": "ON department (id)",
    "member_former_id": "ON member (id)",
    "pool_former_id": "ON pool (id)",
    "seat_former_id": "ON seat (id)",
    "seat_former_once": "ON seat (pool_id, member_id)",
    "customer_former_id": "ON customer (id)",
}
FORMER_RULED_BY = "ON customer (pool_id, rules_version) WHERE owner_id IS NOT NULL"

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

UNIQUE_INDEXES = {
    "event_once_an_ownership": """ON event (organization_id, customer_id, epoch, action)
      WHERE action IN ('CREATED', 'CLAIMED', 'ASSIGNED', 'TRANSFERRED', 'RELEASED')""",
    # The version tells apart two changes of the rules that brought a release to the same moment.
    "event_one_reminder": """ON event (organization_id, customer_id, epoch, due_at,
      (details ->> 'offset'), (details ->> 'rules_version'))
      NULLS NOT DISTINCT WHERE action = 'REMINDED'""",
    "event_one_decision": """ON event (organization_id, (details ->> 'extension'))
      WHERE action IN ('EXTENDED', 'EXTENSION_DECLINED')""",
}
INDEXES = {
    "pool_access_by_member": "ON pool_access (organization_id, member_id)",
    "pool_access_by_department": "ON pool_access (organization_id, department_id)",
    "seat_by_member": "ON seat (organization_id, member_id)",
    "customer_pooled": """ON customer (organization_id, pool_id, opened_at, id)
      WHERE owner_id IS NULL""",
    "customer_pooled_by_name": """ON customer
      (organization_id, pool_id, (name COLLATE "C"), id) WHERE owner_id IS NULL""",
    "customer_held_by": """ON customer (organization_id, owner_id, pool_id)
      WHERE owner_id IS NOT NULL""",
    "customer_ruled_by": """ON customer (organization_id, pool_id, rules_version)
      WHERE owner_id IS NOT NULL""",
    "event_history": """ON event (organization_id, customer_id, seq)
      WHERE customer_id IS NOT NULL""",
    "event_follow_ups": """ON event (organization_id, customer_id, seq)
      WHERE action = 'FOLLOWED_UP'""",
    "event_lost": """ON event (organization_id, customer_id, former_id, at)
      WHERE former_id IS NOT NULL""",
    "event_taken": """ON event (organization_id, customer_id, epoch) INCLUDE (at)
      WHERE action IN ('CLAIMED', 'ASSIGNED')""",
    "event_alerts": """ON event (organization_id, member_id, txid, seq)
      WHERE action IN ('REMINDED', 'RELEASED', 'ASSIGNED', 'TRANSFERRED')""",
    "event_alerts_former": """ON event (organization_id, former_id, txid, seq)
      WHERE action = 'TRANSFERRED'""",
    "event_alerts_read": """ON event (organization_id, member_id, txid, seq)
      WHERE action = 'ALERTS_READ'""",
    "event_alerts_decided": """ON event (organization_id, member_id, txid, seq)
      WHERE action IN ('EXTENDED', 'EXTENSION_DECLINED')""",
    "event_alerts_decider": """ON event (organization_id, actor_id, txid, seq)
      WHERE action IN ('EXTENDED', 'EXTENSION_DECLINED')""",
    "event_pool_changes": """ON event (organization_id, pool_id, txid, seq)
      WHERE action IN ('CREATED', 'MOVED', 'CLAIMED', 'ASSIGNED', 'RELEASED')""",
    "event_extensions_asked": """ON event (organization_id, customer_id, epoch)
      WHERE action = 'EXTENSION_REQUESTED'""",
    "event_extensions_of_pool": """ON event (organization_id, pool_id, seq)
      WHERE action = 'EXTENSION_REQUESTED'""",
    "event_released": "ON event (organization_id, pool_id, at) WHERE action = 'RELEASED'",
    "event_leavers": """ON event (organization_id, member_id, seq)
      WHERE action = 'RELEASED' AND release_reason = 'MEMBER_LEFT'""",
    "event_left": "ON event (organization_id, member_id, seq) WHERE action = 'MEMBER_LEFT'",
    "event_report": """ON event (organization_id, pool_id, action, at)
      INCLUDE (member_id, release_reason, customer_id, epoch)
      WHERE action IN ('CLAIMED', 'ASSIGNED', 'TRANSFERRED', 'WON', 'RELEASED')
        AND NOT details ? 'from_pool'""",
    "event_report_left": """ON event (organization_id, (details ->> 'from_pool'), at)
      WHERE action = 'RELEASED' AND details ? 'from_pool'""",
    "event_visits": """ON event (organization_id, pool_id, member_id, at)
      WHERE action = 'FOLLOWED_UP' AND details ->> 'kind' = 'VISIT'""",
    "webhook_delivery_due": """ON webhook_delivery (organization_id, webhook_id, next_at)
      WHERE next_at IS NOT NULL""",
    "webhook_delivery_turns": """ON webhook_delivery
      (organization_id, webhook_id, customer_id, seq) WHERE status = 'PENDING' AND NOT again""",
    "webhook_delivery_list": "ON webhook_delivery (organization_id, webhook_id, seq, id)",
    "webhook_delivery_troubled": """ON webhook_delivery (organization_id, webhook_id, seq, id)
      WHERE problem IS NOT NULL""",
}


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
    for name, definition in FORMER.items():
        await database.build_index(name, definition, unique=True)
    await database.build_index("customer_former_ruled_by", FORMER_RULED_BY)


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
