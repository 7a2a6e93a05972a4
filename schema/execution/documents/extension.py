"""Prepares the document of each operation, and refuses what costs too much."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse
from strawberry.extensions import SchemaExtension

from schema.base.context import Context
from schema.execution.documents.limits import TOO_MUCH
from schema.execution.documents.lists import cut
from schema.execution.documents.measure import MOST_COST
from schema.execution.documents.preparing import Preparation, Prepared
from schema.execution.slicing import are_many
from schema.execution.turns import SLICE, Line
from schema.fairness.shares import shares

SEVERAL = "The document has several operations: name one of them in `operationName`."

preparation = Preparation()


def weighed(
    schema: GraphQLSchema,
    prepared: Prepared,
    name: str | None,
    variables: dict[str, Any] | None,
    context: object,
) -> tuple[dict[str, Any] | None, list[GraphQLError]]:
    """Return the variables, cut where they are too long, and why the operation is refused.

    The context gets what the operation costs.
    """
    if prepared.problems or prepared.document is None:
        return variables, prepared.problems
    if name is None and len(prepared.operations) > 1:
        return variables, [GraphQLError(SEVERAL)]
    operation = prepared.operation(name)
    if operation and variables:
        variables = cut(schema, operation, variables)
    cost = prepared.cost(schema, name, variables or {})
    if isinstance(context, Context):
        context.cost = cost
        place = prepared.document.loc
        context.document = place.source.body if place else ""
    return variables, [GraphQLError(TOO_MUCH)] if cost > MOST_COST else []


class Documents(SchemaExtension):
    prepared: Prepared

    async def on_parse(self) -> AsyncIterator[None]:
        context = self.execution_context
        assert context.query is not None
        rules = tuple(context.validation_rules)
        self.prepared = await preparation.of(context.schema._schema, context.query, rules)
        context.graphql_document = self.prepared.document or self._stand_in()
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        name, asked = context._provided_operation_name, context.context
        context.variables, context.pre_execution_errors = weighed(
            context.schema._schema, self.prepared, name, context.variables, asked
        )
        if context.pre_execution_errors and isinstance(context.context, Context):
            given = context.context
            shares.fine(given.spenders, len(context.query or ""), given.settings)
        yield

    async def on_execute(self) -> AsyncIterator[None]:
        if are_many(self.execution_context.variables):
            await Line().turn(SLICE)  # graphql-core reads them all at once.
        yield

    def _stand_in(self) -> DocumentNode:
        """For a refused document: an exception here would leave a websocket unanswered."""
        name = self.execution_context._provided_operation_name or ""
        return parse(f"query {name} {{__typename}}")
