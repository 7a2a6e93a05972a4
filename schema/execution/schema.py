"""The schema, and how it runs operations."""

from collections.abc import AsyncGenerator, Iterable
from typing import Any

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    is_introspection_type,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext, PreExecutionError
from strawberry.types.graphql import OperationType

from models.texts.text import PLAIN, Reader
from schema.base import errors
from schema.base.context import Context
from schema.base.inputs.bounds import bound_inputs
from schema.base.refusals import refusal_types
from schema.base.scalars import SCALARS
from schema.descriptions.describing import describe
from schema.execution import bad_values
from schema.execution.documents.extension import Documents
from schema.execution.fair import Fair
from schema.execution.in_time import InTime
from schema.execution.outgoing_texts import mask_texts
from schema.execution.plans.executor import PlannedExecutor
from schema.execution.streams.sessions import Session
from schema.execution.telling.timing import Timed
from schema.execution.values.resolvers import without_machinery
from schema.fairness.shares import shares
from schema.mutations import Mutation
from schema.queries import Query
from schema.subscriptions import Subscription

OVER_WEBSOCKETS = (OperationType.QUERY, OperationType.SUBSCRIPTION)


class Schema(strawberry.Schema):
    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
    ) -> Any:
        """Run an operation of a websocket or an event stream, with its member's present rights."""
        session: Session = context_value
        try:
            if session.token:
                shares.check_debts(session.token.spenders, session.listener.settings)
            context = await session.context()
        except errors.OverBudget as over:
            return _refused(errors.over_budget(over, reader=Reader(session.language)))
        except Exception as fault:
            return _refused(
                errors.internal_error(fault, operation_name, reader=Reader(session.language))
            )
        if context is None:
            return _refused(errors.unauthenticated(Reader(session.language)))
        return await super().stream(
            query,
            variable_values=variable_values,
            context_value=context,
            operation_name=operation_name,
            allowed_operation_types=OVER_WEBSOCKETS,
        )

    def process_errors(
        self, found: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        if execution_context is None:
            found[:] = errors.to_graphql_errors(found, None)
            return
        context = execution_context.context
        reader = context.reader if isinstance(context, Context) else PLAIN
        located = bad_values.locate(found, execution_context.graphql_document)
        found[:] = errors.to_graphql_errors(located, execution_context.operation_name, reader)


async def _refused(error: GraphQLError) -> AsyncGenerator[PreExecutionError, None]:
    yield PreExecutionError(data=None, errors=[error])


def _without_null_defaults(schema: GraphQLSchema) -> None:
    """Remove defaults of null: the contract has none, Strawberry prints Python's None as one."""
    for kind in schema.type_map.values():
        if is_introspection_type(kind):
            continue
        inputs: list[GraphQLArgument | GraphQLInputField] = []
        if isinstance(kind, GraphQLInputObjectType):
            inputs = [*kind.fields.values()]
        elif isinstance(kind, GraphQLObjectType):
            inputs = [each for field in kind.fields.values() for each in field.args.values()]
        for each in inputs:
            if each.default_value is None:
                each.default_value = Undefined


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=refusal_types().values(),
    extensions=[Documents, Timed, InTime, Fair],
    execution_context_class=PlannedExecutor,
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
)
_without_null_defaults(schema._schema)
without_machinery(schema._schema)
mask_texts(schema._schema)
bound_inputs(schema._schema)
describe(schema._schema)
