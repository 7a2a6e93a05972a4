"""Who holds how much of the demo's customers, and how near their releases are."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from models.demo.company_names import EAST as EASTERN_CITIES
from models.demo.company_names import SOUTH as SOUTHERN_CITIES
from models.demo.company_names import City
from models.demo.organizations import EAST, SOUTH, DemoPool, id_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Region(NamedTuple):
    """A pool's share of the demo: who claims there, how busily its customers are called on."""

    pool: DemoPool
    cities: tuple[City, ...]
    members: tuple[UUID, ...]
    guests: tuple[UUID, ...]
    customers: int
    longest_hold: int
    gaps: tuple[int, int]


def _sales(*numbers: int) -> tuple[UUID, ...]:
    return tuple(id_of("member", f"sales{number}@demo.test") for number in numbers)


REGIONS = (
    Region(EAST, EASTERN_CITIES, _sales(1, 2, 3), _sales(4), 150, 20, (1, 2)),
    Region(SOUTH, SOUTHERN_CITIES, _sales(4, 5), _sales(3, 6), 150, 30, (2, 6)),
)
IN_BOTH_POOLS = _sales(3, 4)
# When the next releases come, for each member of a region: something to watch from the start.
NEAR = (6 * MINUTE, 35 * MINUTE, 3 * HOUR, 20 * HOUR, 52 * HOUR, 66 * HOUR, 4 * DAY, 6 * DAY)
FRESH, STEADY, WON = 6, 8, 3
# In the south one guest is new and has room for ten: all taken.
HELD_BY_GUESTS = {"sales3@demo.test": 4, "sales4@demo.test": 4, "sales6@demo.test": 10}
HELD_ELSEWHERE, POOLED_ELSEWHERE = 2, 6
