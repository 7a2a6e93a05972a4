"""An organization in which each work of a worker waits, and what of it still waits."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database
from models.erasure.moving import REPEATED_WITHIN
from models.organizations.absences import set_absence
from models.ownership import claims
from models.tables import Pool
from models.viewers import Viewer
from models.webhooks import webhooks
from tests.models.organizations.test_absences import STILL, in_days
from tests.support.channels import assigned, channel
from tests.support.receiver import Receiver
from tests.support.robots import Robots
from tests.support.samples import Office, found, numbers
from tests.support.zones import zone_where_it_is
from tests.workers.test_sweep import new_rules

# By the name of a work: a row of the organization $1 for which it is still to be done.
WAITING = {
    "release": "FROM customer WHERE organization_id = $1 AND release_at <= now()",
    "reminder": "FROM customer WHERE organization_id = $1 AND next_remind_at <= now()",
    "new rules": """FROM customer c JOIN pool p ON p.id = c.pool_id
      WHERE c.organization_id = $1 AND c.rules_version < p.rules_version""",
    "leaver": """FROM customer c JOIN member m ON m.id = c.owner_id
      WHERE c.organization_id = $1 AND NOT m.active""",
    "absence": "FROM member WHERE organization_id = $1 AND absences_at IS NOT NULL",
    "keys": "FROM customer WHERE organization_id = $1 AND keyed_at IS NULL",
    "texts": "FROM event WHERE organization_id = $1 AND details ? 'value'",
    "requests": """FROM event WHERE organization_id = $1 AND action = 'ANSWERED'
      AND jsonb_typeof(details -> 'request') = 'array'""",
    "escalation": "FROM organization WHERE id = $1 AND escalates_at IS NULL",
    "dealing": """FROM customer c JOIN pool p ON p.id = c.pool_id
      WHERE c.organization_id = $1 AND c.owner_id IS NULL AND p.rules ? 'distribution'
      AND p.rules ->> 'distribution' IS NOT NULL""",
    "webhook": """FROM webhook w WHERE organization_id = $1 AND NOT EXISTS (
      SELECT FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.status = 'DELIVERED')""",
    "channel": """FROM channel c WHERE organization_id = $1 AND NOT EXISTS (
      SELECT FROM channel_delivery d WHERE d.channel_id = c.id AND d.status = 'DELIVERED')""",
}
OLD_EVENT = """
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, idempotency_key, details,
  at) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, now() - $8::interval)
"""


async def waiting(office: Office) -> set[str]:
    """The works that are still to be done there."""
    return {
        work
        for work, which in WAITING.items()
        if await database.rows(f"SELECT {which} LIMIT 1", office.id)
    }


async def with_held() -> Office:
    """Customers that are due ten days later, or of whose release somebody hears by then."""
    office = await found(time_zone=zone_where_it_is(12), email=f"admin@{next(numbers)}.test")
    for max_hold in ("P10D", "P12D"):
        await _held(office, max_hold=max_hold, reminders=["P3D"], escalate_before="P5D")
    return office


async def add_works(office: Office, receiver: Receiver, robots: Robots) -> None:
    """Of all the others."""
    pool, _, _ = await _held(office, max_hold="P20D", reminders=[])
    await new_rules(pool, '{"max_hold": "P15D"}')
    _, leaver, _ = await _held(office, max_hold="P20D", reminders=[])
    await database.rows("UPDATE member SET active = false WHERE id = $1", leaver.id)
    still = await office.pool(**STILL)
    away, id = await office.person(), await office.customer(still)
    await set_absence(away, away.id, *in_days(away, 1, 3))
    await claims.claim(away, [id])
    late = "UPDATE member SET absences_at = absences_at - interval '1 minute' WHERE id = $1"
    await database.rows(late, away.id)
    await _as_before(office, *await office.customers(still, 2))
    hearing = await office.person()
    await channel(hearing, "SLACK", robots.url("SLACK"))
    await assigned(office, still, hearing)
    dealing = await office.pool(distribution={"strategy": "IN_TURN"})
    url = f"{receiver.url}/{next(numbers)}"
    hook, secret = await webhooks.save(await office.admin(), None, url, None, private=True)
    # One secret for all, which the receiver knows.
    receiver.secret = receiver.secret or secret or ""
    await database.rows("UPDATE webhook SET secret = $1 WHERE id = $2", receiver.secret, hook.id)
    await office.customer(dealing)


async def _held(office: Office, **rules: Any) -> tuple[Pool, Viewer, UUID]:
    pool = await office.pool(**rules)
    owner, id = await office.person(), await office.customer(pool)
    await claims.claim(owner, [id])
    return pool, owner, id


async def _as_before(office: Office, keyed: UUID, unkeyed: UUID) -> None:
    """What processes of releases before wrote: no keys, a text and a request in the ledger."""
    released = {"key": "PHONE", "value": "13912345678"}
    age = REPEATED_WITHIN + timedelta(minutes=1)
    asked: dict[str, Any] = {"request": ["register", "x", {}], "answer": []}
    whose = (office.id, office.founder.id)
    for customer, epoch, action, key, details in (
        (keyed, 0, "KEY_RELEASED", None, released),
        (None, None, "ANSWERED", f"{next(numbers)}", asked),
    ):
        told = json.dumps(details, ensure_ascii=False)
        values = (whose[0], customer, epoch, action, whose[1], key, told, age)
        await database.rows(OLD_EVENT, *values)
    without = "UPDATE customer SET sort_name = '', masked_name = '', keyed_at = NULL WHERE id = $1"
    await database.rows(without, unkeyed)
