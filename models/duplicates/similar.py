"""Customers with a similar name: found by shared pairs of characters, then compared."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz

from models import database
from models.duplicates.exact import Match
from models.duplicates.keys import Key
from models.duplicates.names import normalise_name
from models.duplicates.regions import REGIONS, TRADE

MOST_ALIKE = 10
# From 0 to 100, as rapidfuzz measures.
ALIKE = 75.0
LONGEST_PROBE = 6
MOST_PROBES = 40
# A probe that more customers share is too common: a longer one is tried.
MOST_SHARING = 400
MOST_FOUND = 500


# How often pairs occur, by the last ANALYZE. Pairs left out are rarer than all the others.
FREQUENT = """
SELECT greatest(c.reltuples, 0)::float8 AS customers, f.gram, f.share
FROM pg_class c
LEFT JOIN pg_stats s ON s.schemaname = current_schema AND s.tablename = c.relname
  AND s.attname = 'name_grams'
LEFT JOIN LATERAL (
  SELECT gram, share FROM unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs)
    AS each(gram, share) WHERE gram = ANY($1)) AS f ON true
WHERE c.oid = 'customer'::regclass
"""
SHARING = """
SELECT DISTINCT ON (c.id) c.id, c.owner_id, c.pool_id, c.name_key
FROM unnest($2::text[]) AS probe(signs), LATERAL (
  SELECT id, owner_id, pool_id, name_key FROM customer
  WHERE organization_id = $1 AND pool_id IS NOT NULL AND name_grams @> ARRAY(
    SELECT substr(probe.signs, n, 2) FROM generate_series(1, length(probe.signs) - 1) AS n)
  LIMIT $3
) AS c
"""


async def alike(organization_id: UUID, name: str, besides: Sequence[UUID]) -> list[Match]:
    """Return the customers with the most similar names, the most similar first."""
    wanted = normalise_name(name)
    probes = list(_probes(wanted, *await _shares(wanted)))
    rows = await database.rows_custom_plan(SHARING, organization_id, probes, MOST_FOUND)
    scores = ((likeness(wanted, row["name_key"]), row) for row in rows if row["id"] not in besides)
    found = [(score, row) for score, row in scores if score >= ALIKE]
    found.sort(key=lambda each: (-each[0], each[1]["name_key"]))
    return [_match(row) for _, row in found[:MOST_ALIKE]]


def _match(row: Mapping[str, Any]) -> Match:
    """No key agrees."""
    none: frozenset[Key] = frozenset()
    return Match(row["id"], row["owner_id"], row["pool_id"], none, none, refuses=False)


def likeness(one: str, other: str) -> float:
    """Compare two normalised names, from 0 to 100; region and trade count least."""
    first, second = _core(one), _core(other)
    whole = fuzz.ratio(one, other)
    if min(len(first), len(second)) < 2:
        return whole
    inside = first in second or second in first
    return max(whole, 90.0 if inside else 0.0, 0.95 * fuzz.ratio(first, second))


def _core(name: str) -> str:
    """Return the name without its region and its trade, unless too little is left."""
    for pattern in (TRADE, REGIONS):
        shorter = pattern.sub("", name)
        name = shorter if len(shorter) > 1 else name
    return name


async def _shares(name: str) -> tuple[Mapping[str, float], float]:
    """Return the share of customers with each frequent pair, and the number of customers."""
    rows = await database.rows(FREQUENT, _pairs(name))
    return {row["gram"]: row["share"] for row in rows if row["gram"]}, rows[0]["customers"]


def _probes(name: str, shares: Mapping[str, float], customers: float) -> Iterator[str]:
    """Yield from each character on the shortest piece of the name that few customers have."""
    for start in range(min(len(name) - 1, MOST_PROBES)):
        for end in range(start + 2, min(len(name), start + LONGEST_PROBE) + 1):
            piece = name[start:end]
            if customers * _share(piece, shares) <= MOST_SHARING:
                yield piece
                break


def _share(piece: str, shares: Mapping[str, float]) -> float:
    """Estimate the share of names with this piece; adjacent pairs correlate, so damp it."""
    rarest, *others = sorted(shares.get(pair, 0.0) for pair in _pairs(piece))
    return rarest * math.sqrt(math.prod(others))


def _pairs(name: str) -> list[str]:
    return [name[at : at + 2] for at in range(len(name) - 1)]
