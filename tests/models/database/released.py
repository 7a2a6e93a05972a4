"""A database as the release before left it, with rows that the migrations take along."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate

import engines as embedded
from models import database as databases
from models.database.connection import config
from settings import Settings
from tests.conftest import command, settings_of

RELEASED = "models.0006_leavers"
# One organization with a member, a pool, its seat and customers, named by what they are told.
FILL = """
WITH o AS (
  INSERT INTO organization (name, time_zone) VALUES ('Old', 'Asia/Shanghai') RETURNING id
), d AS (
  INSERT INTO department (organization_id, name) SELECT id, 'Sales' FROM o RETURNING *
), m AS (
  INSERT INTO member (organization_id, department_id, name, email, role)
  SELECT organization_id, id, 'Mei', 'mei@old.test', 'ADMIN' FROM d RETURNING *
), p AS (
  INSERT INTO pool (organization_id, name, rules) SELECT id, 'Pool', '{}' FROM o RETURNING *
), s AS (
  INSERT INTO seat (organization_id, pool_id, member_id, held)
  SELECT p.organization_id, p.id, m.id, 4 FROM p, m
), c AS (
  INSERT INTO customer (organization_id, pool_id, name, name_key, owner_id, epoch, claimed_at,
    opened_at, rules_version, release_at, release_reason, remind_at, remind_offsets)
  SELECT p.organization_id, p.id, t.name, t.name, m.id, 1, now(), NULL, 1, '2027-03-01Z',
    'MAX_HOLD', ARRAY_FILL('2027-02-01Z'::timestamptz, ARRAY[cardinality(t.offsets)]), t.offsets
  FROM p, m, (VALUES ('knew', ARRAY['nearer 7 2027-04-01T08:00:00+00:00', 'P3D']),
    ('knew none', ARRAY['nearer 12']), ('heard', ARRAY['P3D']), ('never', '{}'::text[])
  ) AS t(name, offsets) RETURNING *
)
INSERT INTO event (organization_id, customer_id, epoch, action, member_id, pool_id, due_at, details)
SELECT organization_id, id, 1, 'REMINDED', owner_id, pool_id, release_at,
  '{"offset": "nearer 7 2027-04-01T08:00:00+00:00"}' FROM c
"""
MARKERS = """
SELECT name, remind_offsets, unannounced_rules_version AS version, announced_release_at AS knew
FROM customer ORDER BY name
"""


@contextlib.asynccontextmanager
async def released(engines: embedded.Engines, name: str) -> AsyncIterator[Settings]:
    """A filled database of the release before, gone afterwards."""
    settings = settings_of(engines, name)
    await command(engines, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await command(engines, f"CREATE DATABASE {name}")
    try:
        async with TortoiseContext():
            await migrate(config=config(settings, pool_size=2), target=RELEASED)
        async with connection(settings) as own:
            await own.execute(FILL)
        yield settings
    finally:
        await command(engines, f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.asynccontextmanager
async def connection(settings: Settings) -> AsyncIterator[Any]:
    own = await asyncpg.connect(**databases.credentials(settings.database_url or ""))
    try:
        yield own
    finally:
        await own.close()
