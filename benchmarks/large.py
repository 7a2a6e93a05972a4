"""A large database of the release before: `SIZE` customers in 50 organizations, by plain SQL."""

import os
from typing import Any

SIZE = int(os.environ.get("SIZE", "1000000"))
ORGANIZATIONS = 50

FILL = [
    """INSERT INTO organization (name, time_zone)
    SELECT 'Organization ' || n, 'Asia/Shanghai' FROM generate_series(1, $1) AS n""",
    """INSERT INTO member (organization_id, name, email, role)
    SELECT o.id, 'Sales ' || n, 'sales' || n || '@bench.test', 'SALES'
    FROM organization o, generate_series(1, 40) AS n""",
    """INSERT INTO pool (organization_id, name, rules, rules_version)
    SELECT o.id, 'Pool ' || n, '{}', 7 FROM organization o, generate_series(1, 2) AS n""",
    """INSERT INTO pool_rules (organization_id, pool_id, version, rules)
    SELECT organization_id, id, n, rules FROM pool, generate_series(1, 7) AS n""",
    """INSERT INTO seat (organization_id, pool_id, member_id)
    SELECT p.organization_id, p.id, m.id FROM pool p JOIN member m USING (organization_id)""",
    # Six of ten are held; one of a thousand of those waits for word of a nearer release.
    """INSERT INTO customer (organization_id, pool_id, name, name_key, owner_id, epoch, claimed_at,
      opened_at, rules_version, release_at, release_reason, remind_at, remind_offsets)
    SELECT s.organization_id, s.pool_id, 'customer number ' || n, n, s.member_id, 1, now(), NULL,
      7, now() + interval '30 days', 'MAX_HOLD', ARRAY[now() + interval '20 days'],
      CASE WHEN n % 1000 = 0 THEN ARRAY['nearer 7 2027-01-01T00:00:00+00:00'] ELSE '{P10D}' END
    FROM generate_series(1, $1 * 6 / 10) AS n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM seat) s
      ON s.place = n % (SELECT count(*) FROM seat)""",
    """INSERT INTO customer (organization_id, pool_id, name, name_key)
    SELECT p.organization_id, p.id, 'pooled number ' || n, 'p' || n
    FROM generate_series(1, $1 * 4 / 10) AS n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM pool) p
      ON p.place = n % (SELECT count(*) FROM pool)""",
    """UPDATE seat s SET held = n.held FROM (
      SELECT pool_id, owner_id, count(*) AS held FROM customer GROUP BY 1, 2) n
    WHERE n.pool_id = s.pool_id AND n.owner_id = s.member_id""",
    """INSERT INTO event (organization_id, customer_id, epoch, action, member_id, pool_id)
    SELECT organization_id, id, 0, 'CREATED', NULL, pool_id FROM customer""",
    """INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id)
    SELECT organization_id, id, 1, 'CLAIMED', owner_id, owner_id, pool_id FROM customer
    WHERE owner_id IS NOT NULL""",
    """INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
      details)
    SELECT organization_id, id, 1, 'FOLLOWED_UP', owner_id, owner_id, pool_id,
      '{"kind": "VISIT", "note": "a note"}'
    FROM customer, generate_series(1, 2) WHERE owner_id IS NOT NULL""",
]


async def fill(connection: Any) -> None:
    await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    for sql in FILL:
        values = [ORGANIZATIONS if "time_zone" in sql else SIZE] if "$1" in sql else []
        await connection.execute(sql, *values, timeout=3600)
    await connection.execute("RESET ALL")
    await connection.execute("VACUUM ANALYZE", timeout=3600)
