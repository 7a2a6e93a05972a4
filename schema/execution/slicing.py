"""Executes large answers in slices: between two of them the event loop serves others."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeGuard

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from tortoise.models import Model

from schema.execution.turns import ROUND, SLICE, Line, turns

# Asked first: an answer is full of them.
PLAIN = frozenset({type(None), bool, int, float, str, list, tuple, dict})
# Longer lists of a request take a turn to be read.
MANY = 500


def is_awaitable(value: object) -> TypeGuard[Awaitable[Any]]:
    """A row of Tortoise can be awaited, for itself: graphql-core would make a task for each."""
    return type(value) not in PLAIN and not isinstance(value, Model) and hasattr(value, "__await__")


def are_many(values: object) -> bool:
    if isinstance(values, dict):
        return any(map(are_many, values.values()))
    return isinstance(values, list) and len(values) > MANY


class SlicingExecutor(StrawberryGraphQLCoreExecutionContext):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.is_awaitable = is_awaitable
        self._executed = 0
        self._line = Line()
        if are_many(self.variable_values.coerced):
            self.execute_field = self._execute_field_in_turn  # type: ignore[assignment, method-assign]

    def build_per_event_executor(self, payload: Any) -> Any:
        """graphql-core lets all events of a subscription fill one memo, about 1 KB each."""
        executor: Any = super().build_per_event_executor(payload)
        executor._relevant_sub_fields = {}
        return executor

    def _execute_field_in_turn(
        self, parent_type: Any, source: Any, details: Any, path: Any, position: Any
    ) -> Any:
        """Strawberry reads the arguments of each field of the operation again."""
        execute = partial(super().execute_field, parent_type, source, details, path, position)
        return execute() if path.prev else self._in_turn(SLICE, execute)

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position: Any
    ) -> Any:
        given = (parent_type, source_value, path, grouped_field_set, position)
        fields = len(grouped_field_set)
        if self._executed > ROUND or turns.is_round_full:
            return self._in_turn(fields, partial(super().execute_fields, *given))
        self._executed += fields
        turns.count(fields)
        return super().execute_fields(*given)

    def complete_list_value(
        self, return_type: Any, details: Any, info: Any, path: Any, result: Any, position: Any
    ) -> Any:
        given = (return_type, details, info, path, result, position)
        if self._executed > ROUND and isinstance(result, list) and len(result) > 1:
            return self._in_turn(len(result), partial(super().complete_list_value, *given))
        return super().complete_list_value(*given)

    async def _in_turn(self, fields: int, execute: Callable[[], Any]) -> Any:
        await self._line.turn(fields)
        completed = execute()
        return await completed if self.is_awaitable(completed) else completed
