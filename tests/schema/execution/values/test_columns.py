"""Rows are completed field by field; what waits or fails is completed at its place."""

from collections import Counter
from typing import Any

import pytest
from graphql import FieldNode, FragmentDefinitionNode, OperationDefinitionNode, parse
from graphql.execution.executor import Executor

from schema.execution.turns import ROUND
from schema.execution.values.widths import width_of
from tests.schema.execution.plans.both import Asked, assert_equal
from tests.schema.execution.plans.faulty import SCHEMA, Node, fault, raised, soon

NAMES = parse("{ nodes { name must child { name } } }")


@pytest.mark.parametrize("waits", [(), (0,), (1, 4), (0, 1, 2, 3, 4)])
async def test_each_row_is_asked_once_whichever_rows_wait(waits: tuple[int, ...]) -> None:
    asked: Counter[int] = Counter()

    def row(n: int) -> Node:
        def name(_info: Any) -> Any:
            asked[n] += 1
            return soon(str(n)) if n in waits else str(n)

        return Node(name=name, must="must", child=Node(name="child"))

    planned = await Asked(SCHEMA, NAMES, lambda: {"nodes": [row(n) for n in range(5)]}).by_plan()
    assert planned.data
    assert [each["name"] for each in planned.data["nodes"]] == ["0", "1", "2", "3", "4"]
    assert asked == dict.fromkeys(range(5), 1)


@pytest.mark.parametrize("place", [0, 2, 4])
@pytest.mark.parametrize("field", ["name", "must", "child"])
async def test_beside_a_row_that_fails_the_others_stay(place: int, field: str) -> None:
    def root() -> Any:
        rows = [Node(name=str(n), must="must", child=Node(name="child")) for n in range(5)]
        rows[place][field] = lambda _info: raised(fault())
        return {"nodes": rows}

    await assert_equal(Asked(SCHEMA, NAMES, root), Executor)


@pytest.mark.filterwarnings("error")
async def test_what_an_ended_list_has_begun_is_closed() -> None:
    """A row that may not be null fails: nobody awaits what other fields of it have given."""

    def root() -> Any:
        row = Node(must=lambda _info: raised(fault()), name=lambda _info: soon("late"))
        return {"nodes": [row, row]}

    planned = await Asked(SCHEMA, parse("{ nodes { must name } }"), root).by_plan()
    assert planned.data == {"nodes": None}


async def test_as_many_rows_are_completed_together_as_fit_into_a_round() -> None:
    """Of rows with many fields fewer; otherwise one list would stop all others for long."""
    most, now = 0, 0

    def name(_info: Any) -> str:
        nonlocal most, now
        now += 1
        most = max(most, now)
        return "name"

    def last(_info: Any) -> str:
        nonlocal now
        now = 0
        return "last"

    fields = " ".join(f"a{n}: number" for n in range(60))
    document = parse(f"{{ nodes {{ name child {{ {fields} }} must }} }}")
    child = Node(number=1)

    def root() -> Any:
        return {"nodes": [Node(name=name, child=child, must=last) for _ in range(ROUND)]}

    assert (await Asked(SCHEMA, document, root).by_plan()).errors is None
    assert 1 < most <= ROUND // 60


def test_the_width_of_a_field_counts_what_is_below_it() -> None:
    document = parse(
        "{ nodes { name child { name } ...Thing ... on Node { must } ...Thing } }"
        " fragment Thing on Node { thing { ... on Node { id } ... on Other { name } } }"
    )
    operation, thing = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert isinstance(thing, FragmentDefinitionNode)
    (nodes,) = operation.selection_set.selections
    assert isinstance(nodes, FieldNode)
    assert width_of([nodes], {"Thing": thing}) == 4 + 3 + 3
