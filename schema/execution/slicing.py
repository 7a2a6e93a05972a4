"""Executes large answers in slices: between two of them the event loop serves others."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeGuard

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from tortoise.models import Model

# The fields that an operation may execute before it takes turns with others: some 50 ms.
AT_ONCE = 3_000
# The fields of all that take turns, in one round of the event loop: some 5 ms.
SLICE = 250
# Asked first: an answer is full of them.
PLAIN = frozenset({type(None), bool, int, float, str, list, tuple, dict})


class Line:
    """The parts of one operation's answer that wait for their turn.

    The last is the first: so an answer is completed part by part, and few parts wait in memory,
    where the garbage collector would walk them.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    async def turn(self, fields: int) -> None:
        """Wait for a turn to execute so many fields."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((fields, turn))
        turns.join(self)
        await turn

    def take(self) -> int:
        """Wake the last one; return how many fields it executes."""
        fields, turn = self._waiting.pop()
        if turn.done():
            return 0
        turn.set_result(None)
        return fields


class Turns:
    """Wakes a slice in each round of the loop, of one operation after another."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque()

    def join(self, line: Line) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._wake)
        if line not in self._lines:
            self._lines.append(line)

    def _wake(self) -> None:
        left = SLICE
        while left > 0 and self._lines:
            line = self._lines.popleft()
            left -= line.take()
            if line:
                self._lines.append(line)
        if self._lines:
            asyncio.get_running_loop().call_soon(self._wake)


turns = Turns()


def is_awaitable(value: object) -> TypeGuard[Awaitable[Any]]:
    """A row of Tortoise can be awaited, for itself: graphql-core would make a task for each."""
    return type(value) not in PLAIN and not isinstance(value, Model) and hasattr(value, "__await__")


class SlicingExecutor(StrawberryGraphQLCoreExecutionContext):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.is_awaitable = is_awaitable
        self._executed = 0
        self._line = Line()

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position: Any
    ) -> Any:
        given = (parent_type, source_value, path, grouped_field_set, position)
        fields = len(grouped_field_set)
        if self._executed > AT_ONCE:
            return self._in_turn(fields, partial(super().execute_fields, *given))
        self._executed += fields
        return super().execute_fields(*given)

    def complete_list_value(
        self, return_type: Any, details: Any, info: Any, path: Any, result: Any, position: Any
    ) -> Any:
        given = (return_type, details, info, path, result, position)
        if self._executed > AT_ONCE and isinstance(result, list) and len(result) > 1:
            return self._in_turn(len(result), partial(super().complete_list_value, *given))
        return super().complete_list_value(*given)

    async def _in_turn(self, fields: int, execute: Callable[[], Any]) -> Any:
        await self._line.turn(fields)
        completed = execute()
        return await completed if self.is_awaitable(completed) else completed
