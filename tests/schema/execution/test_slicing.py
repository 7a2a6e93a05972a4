"""Large answers are executed in slices; between two of them the event loop serves others."""

import asyncio
import json
from collections import Counter
from typing import Any

import pytest
from graphql import build_schema, get_introspection_query, parse

from models.tables import Member
from schema.execution import slicing, turns
from schema.execution.bodies.operations import operation_of
from schema.execution.schema import schema
from schema.execution.slicing import SlicingExecutor, is_awaitable
from schema.execution.turns import ROUND, SLICE, Line, Turns

LARGE = get_introspection_query()


async def rounds_of(document: str) -> int:
    """How often the loop served others while the operation ran."""
    rounds = 0

    async def others() -> None:
        nonlocal rounds
        while True:
            await asyncio.sleep(0)
            rounds += 1

    task = asyncio.create_task(others())
    result = await schema.execute(document)
    task.cancel()
    assert result.errors is None
    return rounds


async def test_a_large_answer_serves_others_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = []
    execute = SlicingExecutor.execute_fields

    def counting(self: Any, kind: Any, source: Any, path: Any, group: Any, position: Any) -> Any:
        fields.append(len(group))
        return execute(self, kind, source, path, group, position)

    monkeypatch.setattr(SlicingExecutor, "execute_fields", counting)
    rounds = await rounds_of(LARGE)
    assert sum(fields) > ROUND
    assert rounds >= (sum(fields) - ROUND) // SLICE


async def test_a_small_answer_takes_no_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Line, "turn", None)
    assert (await schema.execute("{ __schema { queryType { name } } }")).errors is None


async def test_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sliced = (await schema.execute(LARGE)).data
    monkeypatch.setattr(slicing, "ROUND", 10**9)
    assert (await schema.execute(LARGE)).data == sliced


async def test_operations_take_turns_fairly(monkeypatch: pytest.MonkeyPatch) -> None:
    own, served = Turns(), Counter[str]()
    monkeypatch.setattr(turns, "turns", own)
    lines = {"a": Line(), "b": Line()}

    async def part(name: str) -> None:
        await lines[name].turn(SLICE // 10)
        served[name] += 1

    tasks = [asyncio.create_task(part("a")) for _ in range(50)]
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(part("b")) for _ in range(20)]
    while served["b"] < 20:
        await asyncio.sleep(0)
        assert abs(served["a"] - served["b"]) <= 10
    await asyncio.gather(*tasks)
    assert served == {"a": 50, "b": 20}


async def test_a_part_that_is_cancelled_keeps_nobody_waiting() -> None:
    line = Line()
    first, second = (asyncio.create_task(line.turn(SLICE)) for _ in range(2))
    await asyncio.sleep(0)
    second.cancel()
    async with asyncio.timeout(5):
        await first
    assert second.cancelled()


def test_a_row_is_no_awaitable() -> None:
    assert not is_awaitable(Member())
    assert not is_awaitable("text")
    assert is_awaitable(asyncio.Future(loop=asyncio.new_event_loop()))


async def test_who_finds_a_full_round_waits_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = []
    turn = Line.turn

    async def counting(self: Line, fields: int) -> None:
        waited.append(fields)
        await turn(self, fields)

    monkeypatch.setattr(Line, "turn", counting)
    document = "{ __schema { queryType { name } } }"
    turns.turns.count(ROUND + 1)
    assert (await schema.execute(document)).errors is None
    assert waited
    waited.clear()
    await asyncio.sleep(0)
    assert (await schema.execute(document)).errors is None
    assert not waited


async def test_long_bodies_that_are_read_together_go_on_one_in_a_round() -> None:
    body = json.dumps({"query": "{ viewer { id } }", "variables": {"x": ["x"] * 9_000}}).encode()
    rounds, seen = 0, []

    async def others() -> None:
        nonlocal rounds
        while True:
            await asyncio.sleep(0)
            rounds += 1

    async def one() -> None:
        await operation_of(body)
        seen.append(rounds)

    task = asyncio.create_task(others())
    await asyncio.gather(*(one() for _ in range(8)))
    task.cancel()
    assert len(set(seen)) == 8


async def test_a_subscription_keeps_nothing_of_its_events() -> None:
    kinds = build_schema("type Query { a: A } type Subscription { a: A } type A { b: Int }")
    executor: Any = SlicingExecutor.build(kinds, parse("subscription { a { b } }"))
    for n in range(3):
        event = executor.build_per_event_executor({"a": {"b": n}})
        assert event.execute_operation(False).data == {"a": {"b": n}}
    assert executor._relevant_sub_fields == {}
