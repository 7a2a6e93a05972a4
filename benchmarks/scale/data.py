"""Organizations of any size by plain SQL, as the verbs would leave them: keys, grams, seats.

Half of an organization's customers lie in four pools; each member holds PRIVATE of the others.
"""

import re
from typing import Any
from uuid import UUID

from models.lists.name_order import sort_name

PRIVATE = 100
REGIONS = re.findall("..", "北京上海广州深圳杭州成都武汉西安南京苏州天津青岛长沙郑州合肥厦门")
TRADES = re.findall("..", "科技贸易实业商务电子机械建材食品医药物流传媒教育服饰环保能源软件")
SIGNS = [chr(0x4E00 + 37 * n) for n in range(400)]
# In 40 names of an organization of its own, and in two of each other one.
RARE = "麒麟阁"

FOUND = """
WITH o AS (
  INSERT INTO organization (name, time_zone)
  SELECT 'Organization ' || n, 'Asia/Shanghai' FROM generate_series(1, $1::integer) n RETURNING id
), p AS (
  INSERT INTO pool (organization_id, name, rules, rules_version)
  SELECT o.id, 'Pool ' || n, '{"capacity": 5000}', 1 FROM o, generate_series(1, 4) n
  RETURNING organization_id, id
), r AS (
  INSERT INTO pool_rules (organization_id, pool_id, version, rules)
  SELECT organization_id, id, 1, '{"capacity": 5000}' FROM p
)
SELECT id FROM o
"""
HIRE = """
WITH m AS (
  INSERT INTO member (organization_id, name, email, role)
  SELECT o, 'Sales ' || n, 'sales' || n || '@bench.test', 'SALES'
  FROM unnest($1::uuid[]) o, generate_series($2::integer, $3::integer) n
  RETURNING organization_id, id
), a AS (
  INSERT INTO pool_access (organization_id, pool_id, member_id, administers)
  SELECT m.organization_id, p.id, m.id, false FROM m JOIN pool p USING (organization_id)
)
INSERT INTO seat (organization_id, pool_id, member_id, held)
SELECT m.organization_id, p.id, m.id, $4::integer / 4 FROM m JOIN pool p USING (organization_id)
"""
FILL = """
WITH made AS (
  SELECT o AS organization_id, n, n % 2 = 0 AS held, n / 2 % 4 AS pool, n / (2 * $4) AS member,
    now() - n * interval '1 second' AS at,
    hashint4(n) & 15 AS region, hashint4(n + 7) & 15 AS trade,
    CASE WHEN n < $10 THEN $5::text ELSE '' END || ($8::text[])[1 + (hashint4(n + 1) & 65535) % 400]
      || ($8::text[])[1 + (hashint4(n + 2) & 65535) % 400] AS signs
  FROM unnest($1::uuid[]) o, generate_series($2::integer, $3::integer - 1) n
), pools AS (
  SELECT *, row_number() OVER (PARTITION BY organization_id ORDER BY id) - 1 AS n
  FROM pool WHERE organization_id = ANY($1)
), members AS (
  SELECT *, row_number() OVER (PARTITION BY organization_id ORDER BY id) - 1 AS n
  FROM member WHERE organization_id = ANY($1) AND role = 'SALES'
), kept AS (
  INSERT INTO customer (organization_id, pool_id, name, sort_name, masked_name, phone, level,
    name_key, phone_key, keyed_at, owner_id, epoch, claimed_at, opened_at, rules_version,
    release_at, release_reason)
  SELECT made.organization_id, pools.id,
    ($6::text[])[1 + region] || signs || ($7::text[])[1 + trade] || '有限公司',
    ($9::text[])[1 + region] || ' ' || signs || ' ' || made.n, NULL, '139' || 10000000 + made.n,
    CASE WHEN made.n / 8 % 50 = 0 THEN 'A' WHEN made.n / 8 % 3 = 0 THEN 'B' END,
    'name ' || made.n, '139' || 10000000 + made.n, now(),
    CASE WHEN held THEN members.id END, held::integer, CASE WHEN held THEN at END,
    CASE WHEN NOT held THEN at END, CASE WHEN held THEN 1 END,
    CASE WHEN held THEN at + interval '400 days' END, CASE WHEN held THEN 'MAX_HOLD' END
  FROM made
  JOIN pools ON pools.organization_id = made.organization_id AND pools.n = made.pool
  LEFT JOIN members ON members.organization_id = made.organization_id AND members.n = made.member
  RETURNING organization_id, id, pool_id, owner_id, epoch, claimed_at, name_key, phone_key
), keys AS (
  INSERT INTO customer_key (organization_id, customer_id, kind, key, blocks)
  SELECT organization_id, id, 'NAME', name_key, true FROM kept
)
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id, at)
SELECT organization_id, id, 0, 'CREATED', NULL, NULL, pool_id, now() FROM kept UNION ALL
SELECT organization_id, id, epoch, 'CLAIMED', owner_id, owner_id, pool_id, claimed_at FROM kept
WHERE owner_id IS NOT NULL
"""
# Building an index takes a tenth of the time of filling it.
INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i WHERE i.indrelid = ANY('{customer,customer_key,event}'::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""


async def found(connection: Any, count: int) -> list[UUID]:
    """Create organizations with four pools each and nobody in them."""
    return [row["id"] for row in await connection.fetch(FOUND, count)]


async def grow(connection: Any, organizations: list[UUID], start: int, end: int) -> None:
    """Fill each of the organizations up from `start` customers to `end`."""
    indexes = await connection.fetch(INDEXES)
    await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['name']}")
    first, last = start // (2 * PRIVATE), -(-end // (2 * PRIVATE)) - 1
    await connection.execute(HIRE, organizations, first, last, PRIVATE)
    await connection.execute("ANALYZE organization, pool, member, seat")
    keys = [sort_name(region) for region in REGIONS]
    rare = 40 if len(organizations) == 1 else 2
    names = (RARE, REGIONS, TRADES, SIGNS, keys, rare)
    await connection.execute(FILL, organizations, start, end, PRIVATE, *names, timeout=3600)
    await connection.execute("SET maintenance_work_mem = '1GB'")
    for index in indexes:
        await connection.execute(index["definition"], timeout=3600)
    await connection.execute("RESET ALL")
    await connection.execute("VACUUM ANALYZE", timeout=3600)
