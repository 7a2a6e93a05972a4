"""How a connection reads and writes points in time.

asyncpg makes each from a timedelta of seconds, which takes as long as thirteen ids: that was a
tenth of a page of customers. The rows that many look at have the same few.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

# PostgreSQL's.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# As asyncpg has them.
INFINITIES = {2**63 - 1: datetime.max, -(2**63): datetime.min}  # noqa: DTZ901
# It also takes these moments of UTC for them.
NUMBERS = {
    moment: number for number, at in INFINITIES.items() for moment in (at, at.replace(tzinfo=UTC))
}
# Of a process; some 250 bytes each.
KEPT = 4096


async def read_sooner(connection: Any) -> None:
    """Call with each new connection of asyncpg: its answers stay the same."""
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", encoder=encoded, decoder=decoded, format="tuple"
    )


@lru_cache(KEPT)
def decoded(microseconds: tuple[int]) -> datetime:
    (number,) = microseconds
    return INFINITIES.get(number) or EPOCH + number * MICROSECOND


def encoded(at: datetime) -> tuple[int]:
    """Raises TypeError, which asyncpg makes a DataError."""
    if not isinstance(at, datetime):
        raise TypeError(f"expected a datetime, got {type(at).__name__}")
    if at in NUMBERS:
        return (NUMBERS[at],)
    return ((at.astimezone(UTC) - EPOCH) // MICROSECOND,)
