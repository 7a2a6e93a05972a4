"""What new rules are said to deal out at once is what a round then deals out."""

from typing import Any

import pytest

from models.distribution.foresight import dealt_at_once
from models.distribution.rounds import Rounds
from models.ownership import claims
from models.pools import pools
from models.rules.rules import Rules
from models.tables import Pool
from tests.support.samples import Office, time_passes

TURNS: dict[str, Any] = {"strategy": "IN_TURN"}


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        ({"distribution": TURNS}, 5),
        ({"distribution": TURNS, "capacity": 2}, 3),
        ({"distribution": TURNS, "capacity": 1}, 1),
        ({"distribution": TURNS, "capacity": 9}, 5),
        ({"distribution": TURNS | {"quota": 2}}, 4),
        ({"distribution": TURNS | {"after": "P2D"}}, 3),
        ({}, 0),
    ],
)
async def test_as_many_as_lie_open_or_as_there_is_room_for(
    office: Office, rules: dict[str, Any], count: int
) -> None:
    pool, other = await office.pool(), await office.pool()
    li, _ = await office.person(), await office.person()
    held, *_ = await office.customers(pool, 4)
    await claims.claim(li, [held])
    await time_passes("2 days")
    await office.customers(pool, 2)
    await office.customer(other)
    admin, new = await office.admin(), Rules.from_json(rules)
    assert await dealt_at_once(admin, await Pool.get(id=pool.id), new) == count
    await pools.change_rules(admin, pool.id, new)
    assert await Rounds()() == count
