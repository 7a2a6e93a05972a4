"""A plan answers values that fail as graphql-core does: the same nulls, the same errors."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import parse
from graphql.execution.executor import Executor

from tests.schema.execution.plans import faulty, spots
from tests.schema.execution.plans.both import Asked, assert_equal
from tests.schema.execution.plans.faulty import CALLS, FAULTS, SCHEMA, fault, raised, soon
from tests.schema.execution.plans.spots import SPOTS, document_of, node, root_of

SERIALLY = "mutation { one { name must } two { must } three { name } }"


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Beside a value that failed, those of a list are not reached: they are closed here."""
    coroutines = []

    def noted(begin: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def begins(value: Any) -> Any:
            coroutines.append(begin(value))
            return coroutines[-1]

        return begins

    for module, begin in ((faulty, faulty.returned), (faulty, soon), (spots, soon)):
        monkeypatch.setattr(module, begin.__name__, noted(begin))
    yield
    for each in coroutines:
        each.close()


@pytest.mark.parametrize("spot", SPOTS)
async def test_a_value_that_fails_is_answered_alike(spot: str) -> None:
    different = {}
    for name in FAULTS | CALLS if SPOTS[spot].is_field else FAULTS:
        asked = Asked(SCHEMA, document_of(spot), lambda name=name: root_of(spot, name))  # type: ignore[misc]
        try:
            await assert_equal(asked, Executor)
        except AssertionError as problem:
            different[name] = problem.args[0]
    assert different == {}


@pytest.mark.parametrize("failing", ["one", "two", "three"])
@pytest.mark.parametrize("how", [lambda: raised(fault()), lambda: soon(fault()), lambda: None])
async def test_mutations_run_one_after_another_until_one_fails(failing: str, how: Any) -> None:
    began: list[str] = []

    def root() -> Any:
        async def run(name: str) -> Any:
            began.append(name)
            value = how() if name == failing else node()
            return await value if hasattr(value, "__await__") else value

        return {name: lambda _info, n=name: run(n) for name in ("one", "two", "three")}

    asked = Asked(SCHEMA, parse(SERIALLY), root)
    await assert_equal(asked, Executor)
    half = len(began) // 2
    assert began[:half] == began[half:]
