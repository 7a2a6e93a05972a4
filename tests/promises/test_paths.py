"""Each path of the table of docs/promises.md against each limit, as the page says."""

import re

import pytest

from schema.execution.schema import schema
from tests.docs.pages import Page
from tests.promises.paths import PATHS, go
from tests.promises.trials import FOLLOW_UPS, TRIALS, gains, world_of
from tests.support.samples import time_passes
from tests.support.shared_database import database, settings, shared

__all__ = ["database", "settings", "shared"]

PAGE = Page("docs/promises.md").text
HOLDS, DOES_NOT = "holds", "does not, because "


def table() -> dict[str, dict[str, str]]:
    """By path: what the page says of each limit."""
    lines = [line for line in PAGE.splitlines() if line.startswith("|")]
    head = next(n for n, line in enumerate(lines) if line.startswith("| Path |"))
    _, *limits = cells(lines[head])
    rows = [cells(line) for line in lines[head + 2 :]]
    return {path: dict(zip(limits, said, strict=True)) for path, *said in rows}


def cells(line: str) -> list[str]:
    return [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]


TABLE = table()
CELLS = [(path, limit) for path, limits in TABLE.items() for limit in limits]


def test_every_path_of_the_page_is_walked_and_every_limit_tried() -> None:
    assert list(TABLE) == list(PATHS)
    assert {tuple(limits) for limits in TABLE.values()} == {tuple(TRIALS)}


def test_every_cell_says_that_the_limit_holds_or_why_not() -> None:
    said = {cell for limits in TABLE.values() for cell in limits.values()}
    assert {
        cell for cell in said if cell != HOLDS and not re.match(f"{DOES_NOT}\\w", cell)
    } == set()


def test_every_mutation_is_part_of_a_path_or_said_to_be_none() -> None:
    kind = schema._schema.mutation_type
    assert kind is not None
    (others,) = re.findall(r"No other mutation .*", PAGE)
    walked = {name for path in TABLE for name in re.findall(r"\w+", path)}
    none = set(re.findall(r"`(\w+)`", others))
    assert none & walked == set()
    assert {name for name in kind.fields if name not in walked} == none


@pytest.mark.parametrize("name", PATHS)
async def test_a_path_leads_where_it_is_said_to_lead(name: str, database: None) -> None:
    """Without limits. Else a limit would hold on a path that never leads anywhere."""
    path = PATHS[name]
    world = await world_of(path, FOLLOW_UPS)
    await path.begins(world)
    if path.gives:
        assert await gains(path, world) == path.leads
        return
    await time_passes("1 day")
    before = (await world.known()).release_at
    await go(path, world)
    after = (await world.known()).release_at
    assert before
    assert (after is None or after > before) == path.leads


@pytest.mark.parametrize(("name", "limit"), CELLS)
async def test_a_limit_holds_on_a_path_or_does_not_as_the_page_says(
    name: str, limit: str, database: None
) -> None:
    got_round = await TRIALS[limit](PATHS[name])
    assert got_round == (TABLE[name][limit] != HOLDS)
