"""The floor of releases: the same rows and events, written by SQL alone through asyncpg.

Nothing is asked of the rules, no alarm is taken off a queue and nobody is told.
"""

import time

import asyncpg

FLOOR = """
WITH due AS (
  SELECT organization_id, id FROM customer WHERE release_at <= now()
  ORDER BY release_at LIMIT $1 FOR UPDATE SKIP LOCKED
), released AS (
  UPDATE customer c SET owner_id = NULL, epoch = c.epoch + 1, opened_at = now(),
    claimed_at = NULL, rules_version = NULL, release_at = NULL, release_reason = NULL,
    remind_at = '{}', remind_offsets = '{}'
  FROM due d WHERE c.organization_id = d.organization_id AND c.id = d.id
  RETURNING c.organization_id, c.id, c.pool_id, old.epoch, old.owner_id, old.release_at,
    old.release_reason
), seated AS (
  UPDATE seat s SET held = s.held - n.held FROM (
    SELECT organization_id, pool_id, owner_id, count(*) AS held FROM released GROUP BY 1, 2, 3
  ) n WHERE s.organization_id = n.organization_id AND s.pool_id = n.pool_id
    AND s.member_id = n.owner_id
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, member_id, former_id, reason,
    release_reason, pool_id, due_at, details)
  SELECT organization_id, id, epoch, 'RELEASED', owner_id, owner_id, release_reason,
    release_reason, pool_id, release_at, '{"rules_version": 1}' FROM released
)
SELECT count(*) FROM released
"""
# The same rows without what other features need: no foreign keys, no checks, and of the indexes
# only primary keys and the one that finds what is due.
BARE = """
DROP SCHEMA IF EXISTS bare CASCADE;
CREATE SCHEMA bare;
CREATE TABLE bare.customer AS TABLE public.customer;
CREATE TABLE bare.seat AS TABLE public.seat;
CREATE TABLE bare.event (LIKE public.event INCLUDING DEFAULTS INCLUDING IDENTITY);
ALTER TABLE bare.customer ADD PRIMARY KEY (organization_id, id);
ALTER TABLE bare.seat ADD PRIMARY KEY (organization_id, pool_id, member_id);
ALTER TABLE bare.event ADD PRIMARY KEY (organization_id, id);
CREATE INDEX ON bare.customer (release_at) WHERE release_at IS NOT NULL;
ANALYZE bare.customer, bare.seat;
"""


async def releases_a_second(database_url: str, batch: int, *, bare: bool = False) -> float:
    """Release all that is due, `batch` a statement; return how many a second."""
    connection = await asyncpg.connect(database_url, server_settings={"jit": "off"})
    try:
        if bare:
            await connection.execute(BARE)
            await connection.execute("SET search_path = bare, public")
        started, released = time.perf_counter(), 0
        while count := await connection.fetchval(FLOOR, batch, timeout=300):
            released += count
        return released / (time.perf_counter() - started)
    finally:
        await connection.close()
