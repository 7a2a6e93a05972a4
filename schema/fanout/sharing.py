"""One operation that many watchers ask for, and how it is executed once for all of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any
from weakref import WeakValueDictionary

from graphql import ExecutionResult

from models.tables import Event
from models.texts.text import Reader
from schema.base.context import Context, Info
from schema.fanout.outlet import Payload
from schema.fanout.shared_fields import is_shared

# What the subscription's resolver yields for an event.
Make = Callable[[Context, Event], Awaitable[object]]
_sharings: WeakValueDictionary[tuple[int, Reader], "Sharing"] = WeakValueDictionary()


@dataclass(frozen=True, eq=False)
class Sharing:
    """An operation of one document for one language and time zone, without its viewer."""

    operation: object
    reader: Reader
    executor: Any
    make: Make

    @classmethod
    def of(cls, info: Info, make: Make) -> "Sharing | None":
        """Return None where a selected field may differ among the viewers of an audience."""
        context, operation = info.context, info._raw_info.operation
        # By identity: its document is remembered by its text.
        found = _sharings.get((id(operation), context.reader))
        if found is None and context.executor is not None and is_shared(info._raw_info):
            executor = _with_context(context.executor, None, None)
            found = _sharings[id(operation), context.reader] = cls(
                operation, context.reader, executor, make
            )
        return found

    async def execute(self, context: Context, event: Event) -> Payload | None:
        """Return the answer for all who see what the context's viewer sees; None if it failed."""
        executor = _with_context(self.executor, context, await self.make(context, event))
        result: ExecutionResult | Awaitable[ExecutionResult] = executor.execute_operation(False)
        if isawaitable(result):
            result = await result
        return None if result.errors else Payload(result.data)


def _with_context(executor: Any, context: Context | None, root: object) -> Any:
    made = executor.build_per_event_executor(root)
    made.context_value = context
    return made
