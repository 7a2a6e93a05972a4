"""Runs each operation within the budgets of its member and organization, and in its place."""

from collections.abc import AsyncIterator

from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from models import database
from schema.base.context import Context
from schema.base.errors import OverBudget
from schema.fairness.shares import shares


def charge(context: Context, document: str) -> None:
    """Take the cost of the operation. Raises OverBudget, which costs something too."""
    spenders, settings = context.spenders, context.settings
    try:
        shares.charge(spenders, context.cost, settings)
    except OverBudget:
        shares.fine(spenders, len(document), settings)
        raise OverBudget(shares.wait(spenders, context.cost, settings)) from None


class Fair(SchemaExtension):
    async def on_execute(self) -> AsyncIterator[None]:
        """Raises OverBudget before anything runs."""
        context = self.execution_context.context
        if not isinstance(context, Context):
            # Nobody asks: a process looks at its own schema.
            yield
            return
        charge(context, self.execution_context.query or "")
        if self.execution_context.operation_type is OperationType.SUBSCRIPTION:
            yield
            return
        async with shares.place(context.spenders, context.cost):
            with database.asking(context.viewer.organization.id, context.settings.pool_size):
                yield
