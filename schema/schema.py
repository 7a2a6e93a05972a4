"""The schema, and how its operations are run."""

import contextlib
import time
from collections.abc import AsyncGenerator, Iterable, Iterator
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
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext, PreExecutionError
from strawberry.types.graphql import OperationType

from models.texts import PLAIN, Reader
from schema import bad_values, errors, metrics
from schema.context import Context
from schema.documents import Documents
from schema.mutations import Mutation
from schema.queries import Query
from schema.refusals import TYPES
from schema.scalars import SCALARS
from schema.subscriptions import Subscription
from schema.websocket import Session

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
        """An operation over a websocket, for whom its member is by now."""
        session: Session = context_value
        try:
            context = await session.context()
        except Exception as fault:
            return _only(errors.masked(fault, operation_name, reader=Reader(session.language)))
        if context is None:
            return _only(errors.unauthenticated(Reader(session.language)))
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
            found[:] = errors.told(found, None)
            return
        context = execution_context.context
        reader = context.reader if isinstance(context, Context) else PLAIN
        placed = bad_values.placed(found, execution_context)
        found[:] = errors.told(placed, execution_context.operation_name, reader)


class Timed(SchemaExtension):
    def on_operation(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        kind = "unreadable"
        with contextlib.suppress(RuntimeError):
            kind = self.execution_context.operation_type.value
        if kind != OperationType.SUBSCRIPTION.value:
            problems = getattr(self.execution_context.result, "errors", None) or []
            seconds = time.perf_counter() - began
            metrics.operations.labels(kind, _outcome(problems)).observe(seconds)


async def _only(error: GraphQLError) -> AsyncGenerator[PreExecutionError, None]:
    yield PreExecutionError(data=None, errors=[error])


def _outcome(problems: list[GraphQLError]) -> str:
    if any((each.extensions or {}).get("code") == "INTERNAL" for each in problems):
        return "faulty"
    return "refused" if problems else "done"


def _without_null_defaults(schema: GraphQLSchema) -> None:
    """The contract leaves what is optional out; Strawberry writes Python's None as `= null`."""
    for kind in schema.type_map.values():
        if is_introspection_type(kind):
            continue
        given: list[GraphQLArgument | GraphQLInputField] = []
        if isinstance(kind, GraphQLInputObjectType):
            given = [*kind.fields.values()]
        elif isinstance(kind, GraphQLObjectType):
            given = [each for field in kind.fields.values() for each in field.args.values()]
        for each in given:
            if each.default_value is None:
                each.default_value = Undefined


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=TYPES.values(),
    extensions=[Documents, Timed],
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
)
_without_null_defaults(schema._schema)
