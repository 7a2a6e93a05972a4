"""One execution of a plan: what is awaited, what waits for its turn, and what failed."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol, TypeAlias

from graphql import FieldNode, GraphQLError, located_error
from graphql.execution.executor import Executor

from models.refusals import Refusal
from schema.base.context import Context
from schema.base.loading.loader import Pace
from schema.execution.slicing import are_many
from schema.execution.turns import ROUND, SLICE, Line, turns
from schema.execution.values.places import Place, path_of
from schema.execution.values.settling import settled

# Completes a value that is neither nothing nor awaited.
Finish: TypeAlias = Callable[[Any, Place, "Run"], Any]


# A list whose objects share nothing would fill the memory for nothing.
MOST_SHARED = 64


class Completes(Protocol):
    """A field or an item of a list, with what completes its values."""

    nodes: list[FieldNode]

    def complete(self, value: Any, place: Place, run: "Run") -> Any: ...


class Asks(Completes, Protocol):
    """A field with what its resolver is told of it."""

    def told(self, executor: Executor[Any]) -> Any: ...


class Infos(dict[Asks, Any]):
    """What resolvers are told, made once for all values of a field."""

    def __init__(self, executor: Executor[Any]) -> None:
        self._executor = executor

    def __missing__(self, field: Asks) -> Any:
        self[field] = told = field.told(self._executor)
        return told


class Run:
    """Everything that is ready is completed at once; then what is awaited, together.

    So the loaders of a list are asked for all its rows before any of them is read.
    """

    def __init__(self, executor: Executor[Any]) -> None:
        self.executor = executor
        self.waiting: list[tuple[Awaitable[Any], Completes, Place]] = []
        # The rest of long lists, the last first: so few parts wait in memory.
        self.later: list[tuple[Place, Callable[[], object]]] = []
        # Whether an error has reached the root: then the answer has no data.
        self.is_null = False
        self.failures = 0
        self.infos = Infos(executor)
        self.arguments: dict[Completes, dict[str, Any]] = {}
        # The latest values of fields with what they were completed as, by the field and their ids.
        self.shared: dict[tuple[Completes, int], tuple[Any, Any]] = {}
        # The fields that may be executed before the next turn.
        self.left = 0 if turns.is_round_full else ROUND
        self._allowed = self.left
        self._line = Line()
        # The resolvers read long lists of a request all at once.
        self._reads_many = are_many(executor.variable_values.coerced)
        context = executor.context_value
        self.pace = context.pace if isinstance(context, Context) else Pace()

    def refused(self, raised: Exception, field: Completes, place: Place) -> None:
        """Note the error of a place that may be null; raise it where the place may not."""
        self.failures += 1
        if isinstance(raised, Refusal):
            # An answer as any other: its traceback would be kept for nobody, with all its frames.
            raised.__traceback__ = None
        error = located_error(raised, field.nodes, path_of(place).as_list())
        if not place[3]:
            raise error
        self.executor.collected_errors.add(error, path_of(place))

    async def finish(self) -> None:
        """Complete what is awaited and what waits for its turn, until nothing is left."""
        while self.later or self.waiting:
            if self.left <= 0:
                await self._turn()
            if self.later:
                place, complete = self.later.pop()
                self._guarded(place, complete)
                continue
            self._count()
            waiting, self.waiting = self.waiting, []
            if self._reads_many:
                await self._turn()  # Checked by now, and converted next.
            answers = await settled(
                [awaitable for awaitable, _, _ in waiting], self.pace, self._line
            )
            self.pace.hold()
            if turns.is_round_full:
                # Others were answered in the same round, and have used it up.
                self.left = self._allowed = 0
            for (_, field, place), answer in zip(waiting, answers, strict=True):
                if self.left <= 0:
                    await self._turn()
                try:
                    if isinstance(answer, Exception):
                        raise answer
                    place[1][place[2]] = field.complete(answer, place, self)
                except Exception as raised:
                    place[1][place[2]] = None
                    self._guarded(place, partial(self.refused, raised, field, place))
        self._count()

    async def begin(self) -> None:
        self.pace.hold()
        if self.left <= 0 or self._reads_many:
            await self._turn()

    def abandon(self) -> None:
        """Await nothing more: the answer has no data, or nobody waits for it."""
        for awaitable, _, _ in self.waiting:
            if asyncio.iscoroutine(awaitable):
                awaitable.close()

    def _guarded(self, place: Place, complete: Callable[[], object]) -> None:
        """Where a value that may not be null failed, the nearest one around it that may is null."""
        try:
            complete()
        except GraphQLError as error:
            at: Place | None = place
            while at and not at[3]:
                at = at[0]
            self.executor.collected_errors.add(error, path_of(at) if at else None)
            if at:
                at[1][at[2]] = None
            else:
                self.is_null = True

    async def _turn(self) -> None:
        self._count()
        await self._line.turn(SLICE)
        self.left = self._allowed = SLICE

    def _count(self) -> None:
        """Tell the other operations of this round how much was executed in it."""
        turns.count(self._allowed - self.left)
        self._allowed = self.left
