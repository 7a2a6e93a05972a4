"""What the catalogue says of the tables: whose they are, their unique indexes and foreign keys."""

from dataclasses import dataclass
from typing import Any

TABLES = """
SELECT c.relname AS name, CASE
    WHEN c.relname = 'organization' THEN 'id'
    WHEN EXISTS (SELECT FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname = 'organization_id') THEN 'organization_id'
  END AS key
FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""
UNIQUE = """
SELECT t.relname AS table, i.relname AS name, pg_get_indexdef(i.oid) AS definition,
  EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
    AS is_constraint,
  ARRAY(SELECT pg_get_indexdef(i.oid, n, true) FROM generate_series(1, x.indnkeyatts) AS n)
    AS columns
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
WHERE (x.indisunique OR x.indisexclusion) AND t.relnamespace = 'public'::regnamespace
ORDER BY i.relname
"""
FOREIGN_KEYS = """
SELECT k.conname AS name, t.relname AS table, f.relname AS target,
  pg_get_constraintdef(k.oid) AS definition,
  ARRAY(SELECT a.attname::text || '=' || b.attname::text
    FROM unnest(k.conkey, k.confkey) AS c(here, there)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.here
    JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = c.there) AS columns
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace ORDER BY k.conname
"""


@dataclass(frozen=True, slots=True)
class Index:
    """A unique one, or an exclusion; `columns` may be expressions."""

    table: str
    name: str
    definition: str
    is_constraint: bool
    columns: list[str]


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` are pairs, such as "pool_id=id"."""

    name: str
    table: str
    target: str
    definition: str
    columns: list[str]


@dataclass(frozen=True, slots=True)
class Catalog:
    """`keys` are the tables with the column that names their organization, or None."""

    keys: dict[str, str | None]
    unique: list[Index]
    foreign: list[ForeignKey]


async def read_catalog(connection: Any) -> Catalog:
    """Return what an open connection of asyncpg sees."""
    tables = await connection.fetch(TABLES)
    return Catalog(
        {row["name"]: row["key"] for row in tables},
        [Index(**row) for row in await connection.fetch(UNIQUE)],
        [ForeignKey(**row) for row in await connection.fetch(FOREIGN_KEYS)],
    )
