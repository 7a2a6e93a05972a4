"""What many objects of a list share is completed once, and answered as graphql-core does."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import parse
from graphql.execution.executor import Executor

from schema.execution.values.run import MOST_SHARED
from tests.schema.execution.plans.both import Asked, assert_equal
from tests.schema.execution.plans.faulty import SCHEMA, Node, fault, raised, soon

DOCUMENT = parse("{ nodes { name child { name child { name } } being { name } } }")


def nodes_that_share(name: Callable[..., Any], length: int = 5) -> Callable[[], Any]:
    """Return what makes a list of nodes with one child, whose name is the answer of a call."""

    def root() -> Any:
        child = Node(name=name, child=Node(name="grandchild"))
        return {"nodes": [Node(name=str(n), child=child, being=child) for n in range(length)]}

    return root


async def test_a_shared_value_is_completed_once_for_each_field() -> None:
    calls: list[str] = []

    def name(_info: Any) -> str:
        calls.append("name")
        return "shared"

    asked = Asked(SCHEMA, DOCUMENT, nodes_that_share(name))
    planned = await asked.by_plan()
    assert planned.data
    assert planned.data["nodes"][4]["being"] == {"name": "shared"}
    assert len(calls) == 2
    await assert_equal(asked, Executor)


@pytest.mark.parametrize(
    "name",
    [lambda _info: raised(fault()), lambda _info: soon(fault()), lambda _info: soon("awaited")],
    ids=["raises", "fails later", "is awaited"],
)
async def test_each_place_of_a_shared_value_has_its_own_error(name: Callable[..., Any]) -> None:
    await assert_equal(Asked(SCHEMA, DOCUMENT, nodes_that_share(name)), Executor)


async def test_a_long_list_that_shares_nothing_is_answered_alike() -> None:
    def root() -> Any:
        return {"nodes": [Node(name="n", child=Node(name=str(n))) for n in range(3 * MOST_SHARED)]}

    planned = await assert_equal(Asked(SCHEMA, DOCUMENT, root), Executor)
    assert planned.data
    assert planned.data["nodes"][-1]["child"]["name"] == str(3 * MOST_SHARED - 1)
