"""How many names have a character or a pair of them, as the last ANALYZE found."""

import time
from collections.abc import Mapping, Sequence

from models import database

KEPT_SECONDS = 60.0
# PostgreSQL keeps the 10,000 most frequent ones; what fewer names have is rare here.
LEAST_SHARE = 0.001
SHARES = """
SELECT each.gram, each.share, c.reltuples AS customers
FROM pg_class c
JOIN pg_stats s ON s.schemaname = current_schema AND s.tablename = c.relname
  AND s.attname = 'name_grams',
unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS each(gram, share)
WHERE c.oid = 'customer'::regclass AND each.share >= $1
"""


class Shares:
    """Those of the connected database, read again after KEPT_SECONDS: to read them takes 7 ms."""

    def __init__(self) -> None:
        self._database = ""
        self._until = 0.0
        self._shares: Mapping[str, float] = {}
        self._customers = 0.0

    async def rarest(self, grams: Sequence[str]) -> tuple[float, float]:
        """Return the share of names with the rarest of the grams, and how many names that is.

        Both are 0 below LEAST_SHARE.
        """
        if self._database != database.name() or time.monotonic() >= self._until:
            rows = await database.records(SHARES, LEAST_SHARE)
            self._shares = {row["gram"]: row["share"] for row in rows}
            self._customers = rows[0]["customers"] if rows else 0.0
            self._database, self._until = database.name(), time.monotonic() + KEPT_SECONDS
        share = min(self._shares.get(gram, 0.0) for gram in grams)
        return share, share * self._customers


shares = Shares()
