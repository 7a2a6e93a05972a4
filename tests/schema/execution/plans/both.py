"""Executes an operation by graphql-core and by its plan, and compares what they answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema
from graphql.execution.executor import Executor

from schema.execution.plans.executor import PlannedExecutor, plans
from schema.execution.plans.reused import for_request

Seen = tuple[Any, ...]


@dataclass
class Asked:
    """An operation, with what makes its root and its context: new ones for each execution."""

    schema: GraphQLSchema
    document: DocumentNode
    root: Callable[[], Any] = lambda: None
    context: Callable[[], Any] = lambda: None
    variables: dict[str, Any] | None = None
    name: str | None = None

    async def by(self, kind: type[Executor[Any]]) -> ExecutionResult:
        return await _executed(self._built(kind))

    async def by_plan(self) -> ExecutionResult:
        """As a later request with the same document is executed."""
        built = self._built(PlannedExecutor)
        plan = None if isinstance(built, list) else plans.of(built)
        if plan is None:
            return await _executed(built)
        made: Any = for_request(plan.first, self.variables, self.context())
        made.root_value = self.root()
        return await _executed(made)

    def _built(self, kind: type[Executor[Any]]) -> Executor[Any] | list[GraphQLError]:
        return kind.build(
            self.schema, self.document, self.root(), self.context(), self.variables, self.name
        )

    def has_plan(self) -> bool:
        built = PlannedExecutor.build(
            self.schema, self.document, None, None, self.variables, self.name
        )
        return isinstance(built, PlannedExecutor) and plans.of(built) is not None


async def _executed(built: Executor[Any] | list[GraphQLError]) -> ExecutionResult:
    if isinstance(built, list):
        return ExecutionResult(None, built)
    answer: Any = built.execute_operation()
    result: ExecutionResult = await answer if isawaitable(answer) else answer
    return result


def data_of(result: ExecutionResult) -> bytes:
    """To the byte: also the order of the fields."""
    return orjson.dumps(result.data)


def errors_of(result: ExecutionResult) -> list[Seen]:
    """By path: fields that are awaited together fail in any order."""
    return sorted(map(_seen, result.errors or ()), key=repr)


def _seen(error: GraphQLError) -> Seen:
    places = [(each.line, each.column) for each in error.locations or ()]
    raised = error.original_error
    return (error.path, error.message, places, error.extensions, type(raised), str(raised))


async def assert_equal(
    asked: Asked, reference: type[Executor[Any]], but: bytes = b"(?!)"
) -> ExecutionResult:
    """Return what the plan answers: what the reference answers, but for a pattern's matches."""
    expected, planned = await asked.by(reference), await asked.by_plan()
    data = [re.sub(but, b"", data_of(each)) for each in (planned, expected)]
    assert data[0] == data[1], data
    assert errors_of(planned) == errors_of(expected), (errors_of(planned), errors_of(expected))
    return planned
