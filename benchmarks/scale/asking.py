"""What a member asks for again and again, as the API's resolvers call it."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from benchmarks.scale.data import RARE, SIGNS
from models import database
from models.lists.customer_counts import count_held, count_pooled
from models.lists.customers import held_customers, pooled_customers
from models.ownership import claims
from models.paging import Window
from models.pools.private_pools import private_pools
from models.viewers import Viewer, viewer

Request = Callable[[], Awaitable[Any]]

SELLERS = """
SELECT id FROM member WHERE organization_id = $1 AND role = 'SALES' ORDER BY id LIMIT 2
"""
UNCLAIMED = """
SELECT id FROM customer WHERE organization_id = $1 AND pool_id = $2 AND owner_id IS NULL
ORDER BY opened_at LIMIT $3
"""


async def sellers(organization_id: UUID) -> tuple[Viewer, Viewer]:
    """Return one who asks for lists, and one who claims: so the lists do not grow by it."""
    rows = await database.rows(SELLERS, organization_id)
    one, other = [await viewer(organization_id, row["id"]) for row in rows]
    assert one is not None
    assert other is not None
    return one, other


async def requests(member: Viewer, claimer: Viewer, claimed: int) -> dict[str, Request]:
    """Return requests by name; the claim may be asked for `claimed` times."""
    pool = min(member.open_pools)
    free = await database.rows(UNCLAIMED, member.organization.id, pool, claimed)
    ids = [row["id"] for row in free]
    second = (await _pooled(member, pool)).end_cursor
    own = (member.id, None)
    return {
        "round trip": lambda: database.rows("SELECT 1"),
        "private pool": lambda: private_pools(member, [(member.member, None)]),
        "page": lambda: _pooled(member, pool),
        "second page": lambda: _pooled(member, pool, window=Window(cursor=second)),
        "page by name": lambda: _pooled(member, pool, order="NAME"),
        "page of a rare level": lambda: _pooled(member, pool, level="A"),
        "page of no level's": lambda: _pooled(member, pool, level="none"),
        "search, 2 rare signs": lambda: _pooled(member, pool, search=RARE[:2]),
        "search, 3 rare signs": lambda: _pooled(member, pool, search=RARE),
        "search, 2 frequent signs": lambda: _pooled(member, pool, search="科技"),
        "search, 3 frequent signs": lambda: _pooled(member, pool, search="有限公"),
        "search, nobody's name": lambda: _pooled(member, pool, search="技有限公司北"),
        "search, 1 of 200 names": lambda: _pooled(member, pool, search=SIGNS[5]),
        "own customers": lambda: _held(member, None),
        "own by name": lambda: _held(member, RARE[:2]),
        "own by phone": lambda: _held(member, "13910000004"),
        "totalCount": lambda: _count(member, pool),
        "totalCount of a search": lambda: _count(member, pool, search=RARE),
        "totalCount of own": lambda: count_held(member, [own], None),
        "claim": lambda: claims.claim(claimer, [ids.pop()]),
    }


async def _pooled(member: Viewer, pool: UUID, **given: Any) -> Any:
    wanted: dict[str, Any] = {
        "window": Window(),
        "order": "OPENED_LATEST",
        "search": None,
        "level": None,
    }
    return (await pooled_customers(member, [pool], **(wanted | given)))[pool]


async def _held(member: Viewer, search: str | None) -> Any:
    return await held_customers(
        member, [(member.id, None)], window=Window(20), order="RELEASE_SOONEST", search=search
    )


async def _count(member: Viewer, pool: UUID, search: str | None = None) -> Any:
    return await count_pooled(member, [pool], search=search, level=None)
