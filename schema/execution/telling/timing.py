"""Tells metrics and log how long operations take, by kind, name and outcome."""

import contextlib
import time
from collections.abc import Iterator
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, get_operation_ast
from prometheus_client import Histogram
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from models.telemetry import tracing
from schema.base import metrics
from schema.base.context import Context
from schema.execution.bodies.persisted import persisted
from schema.execution.telling import request_log

OTHER = "other"
QUERY = OperationType.QUERY.value


class Timed(SchemaExtension):
    """For operations of a websocket. The line of a subscription comes at its end."""

    def on_operation(self) -> Iterator[None]:
        began = time.perf_counter()
        with tracing.operation():
            yield
            self._tell(time.perf_counter() - began)

    def on_execute(self) -> Iterator[None]:
        execution = self.execution_context
        if execution.operation_type is OperationType.SUBSCRIPTION:
            name = name_of(execution.graphql_document, execution._provided_operation_name)
            operation = request_log.named(OperationType.SUBSCRIPTION.value, name)
            tracing.begun(operation, request_log.ids_of(execution.context))
        yield

    def _tell(self, seconds: float) -> None:
        execution, kind = self.execution_context, "unreadable"
        with contextlib.suppress(RuntimeError):
            kind = execution.operation_type.value
        name = name_of(execution.graphql_document, execution._provided_operation_name)
        problems = getattr(execution.result, "errors", None) or []
        if kind != OperationType.SUBSCRIPTION.value:
            count(kind, name, problems, seconds)
        context = execution.context
        if isinstance(context, Context):
            outcome = outcome_of(problems)
            request_log.write(context, request_log.named(kind, name), outcome, seconds)


class Timing:
    """For operations that come by POST; their context keeps what is logged of them."""

    def __init__(self, context: Context) -> None:
        self._began = time.perf_counter()
        self._context = context
        self._kind = QUERY
        self._name: str | None = None

    def names(self, definition: OperationDefinitionNode | None) -> None:
        """None is a document that was not even read as one."""
        if definition:
            self._kind = definition.operation.value
            self._name = definition.name.value if definition.name else None
        self._context.operation = request_log.named(self._kind, self._name)

    def end(self, problems: list[GraphQLError]) -> None:
        count(self._kind, self._name, problems, time.perf_counter() - self._began)
        if problems or not self._context.outcome:
            self._context.outcome = outcome_of(problems)


def name_of(document: DocumentNode | None, given: str | None) -> str | None:
    operation = get_operation_ast(document, given) if document else None
    return operation.name.value if operation and operation.name else None


def count(kind: str, name: str | None, problems: list[GraphQLError], seconds: float) -> None:
    """Only the names of a manifest are a label: clients could make up any number of others."""
    trusted = name if name in persisted.names else OTHER
    _durations(kind, trusted, outcome_of(problems)).observe(seconds)


@lru_cache(maxsize=1024)
def _durations(kind: str, name: str | None, outcome: str) -> Histogram:
    return metrics.operations.labels(kind, name, outcome)


def outcome_of(problems: list[GraphQLError]) -> str:
    if not problems:
        return "done"
    if any((each.extensions or {}).get("code") == "INTERNAL" for each in problems):
        return "faulty"
    return "refused"
