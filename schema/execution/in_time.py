"""Ends each query and mutation at the deadline of its request, with all that it reads."""

from collections.abc import AsyncIterator

from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from schema.base.context import Context


class InTime(SchemaExtension):
    async def on_execute(self) -> AsyncIterator[None]:
        """Raises Unavailable in place of an answer. A subscription bounds its own reads."""
        context = self.execution_context.context
        bounded = self.execution_context.operation_type is not OperationType.SUBSCRIPTION
        if not (bounded and isinstance(context, Context)):
            yield
            return
        try:
            with context.deadline.running():
                yield
        finally:
            context.pace.end()
