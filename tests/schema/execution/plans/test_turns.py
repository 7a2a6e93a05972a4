"""Large answers take turns: between two of them the event loop serves others."""

import asyncio
from typing import Any

import pytest
from graphql import ExecutionResult, parse
from graphql.execution.executor import Executor

from schema.base.context import Context
from schema.base.loading.loader import Loader, Pace
from schema.execution import turns
from schema.execution.turns import ROUND, SLICE, Line
from tests.schema.execution.plans.both import Asked, assert_equal, data_of
from tests.schema.execution.plans.faulty import SCHEMA, fault
from tests.schema.execution.plans.spots import node

LONG = 4 * ROUND
FIELDS = parse("{ nodes { name } ok }")


def asked(rows: int) -> Asked:
    return Asked(SCHEMA, FIELDS, lambda: {"nodes": [node() for _ in range(rows)], "ok": "ok"})


@pytest.fixture(autouse=True)
async def a_new_round() -> None:
    await asyncio.sleep(0)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The turns that are waited for."""
    seen: list[int] = []
    turn = Line.turn

    async def counting(self: Line, fields: int) -> None:
        seen.append(fields)
        await turn(self, fields)

    monkeypatch.setattr(Line, "turn", counting)
    return seen


async def rounds_of(asked: Asked) -> tuple[int, ExecutionResult]:
    """How often the loop served others while the operation ran."""
    rounds = 0

    async def others() -> None:
        nonlocal rounds
        while True:
            await asyncio.sleep(0)
            rounds += 1

    task = asyncio.create_task(others())
    result = await asked.by_plan()
    task.cancel()
    return rounds, result


async def test_a_large_answer_serves_others_in_between() -> None:
    rounds, result = await rounds_of(asked(LONG))
    assert result.data is not None
    assert len(result.data["nodes"]) == LONG
    # Each row costs two: the item and its field.
    assert rounds >= (2 * LONG - ROUND) // SLICE - 1


async def test_a_list_in_a_row_takes_turns_too() -> None:
    inner = parse("{ node { list { list { name } } } }")

    def root() -> Any:
        return {"node": node(list=[node(list=[node() for _ in range(300)]) for _ in range(30)])}

    long = Asked(SCHEMA, inner, root)
    rounds, result = await rounds_of(long)
    assert rounds >= (2 * 30 * 300 - ROUND) // (2 * SLICE)
    assert data_of(result) == data_of(await long.by(Executor))


async def test_a_small_answer_takes_no_turns(taken: list[int]) -> None:
    assert (await asked(100).by_plan()).errors is None
    assert taken == []


async def test_who_finds_a_full_round_waits_for_the_next(taken: list[int]) -> None:
    turns.turns.count(ROUND + 1)
    assert (await asked(1).by_plan()).errors is None
    assert taken == [SLICE]
    taken.clear()
    await asyncio.sleep(0)
    assert (await asked(1).by_plan()).errors is None
    assert taken == []


async def test_what_a_plan_executes_fills_the_round(taken: list[int]) -> None:
    """Small operations, too, that come in one round."""
    await asyncio.gather(*(asked(ROUND // 4).by_plan() for _ in range(4)))
    assert taken


async def test_a_row_that_fails_in_a_later_turn_is_answered_alike() -> None:
    def root() -> Any:
        rows = [node() for _ in range(LONG)]
        rows[-1]["must"] = fault()
        return {"nodes": rows, "ok": "ok"}

    await assert_equal(Asked(SCHEMA, parse("{ nodes { must } ok }"), root), Executor)


async def test_operations_take_turns_fairly() -> None:
    """A small one that comes while a large one runs does not wait for its end."""
    ended: list[str] = []

    async def run(name: str, rows: int) -> None:
        await asked(rows).by_plan()
        ended.append(name)

    large = asyncio.create_task(run("large", LONG))
    await asyncio.sleep(0)
    await asyncio.gather(large, *(run(f"small {n}", 100) for n in range(3)))
    assert ended[-1] == "large"


async def test_a_list_that_takes_turns_is_read_in_one_batch() -> None:
    batches: list[list[int]] = []

    async def read(keys: list[int]) -> list[str]:
        batches.append(keys)
        return [str(key) for key in keys]

    context = object.__new__(Context)
    context.pace = Pace()
    loader: Loader[int, str] = Loader(read, context.pace)

    def root() -> Any:
        return {"nodes": [node(name=lambda _info, n=n: loader.load(n)) for n in range(LONG)]}

    long = Asked(SCHEMA, parse("{ nodes { name } }"), root, lambda: context)
    rounds, result = await rounds_of(long)
    assert rounds > LONG // SLICE
    assert result.data == {"nodes": [{"name": str(n)} for n in range(LONG)]}
    assert batches == [[*range(LONG)]]
