"""Runs each operation within the budgets of its member and organization, and in its place."""

from collections.abc import AsyncIterator

from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from models import database
from schema.base.context import Context
from schema.fairness.shares import shares


class Fair(SchemaExtension):
    async def on_execute(self) -> AsyncIterator[None]:
        """Raises OverBudget before anything runs."""
        context = self.execution_context.context
        if not isinstance(context, Context):
            # Nobody asks: a process looks at its own schema.
            yield
            return
        asked = (context.viewer, context.cost, context.settings)
        if self.execution_context.operation_type is OperationType.SUBSCRIPTION:
            shares.charge(*asked)
            yield
            return
        async with shares.place(*asked):
            with database.asking(context.viewer.organization.id, context.settings.pool_size):
                yield
