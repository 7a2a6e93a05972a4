"""Measures how long operations take, by kind and outcome."""

import contextlib
import time
from collections.abc import Iterator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from schema.base import metrics


class Timed(SchemaExtension):
    def on_operation(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        kind = "unreadable"
        with contextlib.suppress(RuntimeError):
            kind = self.execution_context.operation_type.value
        if kind != OperationType.SUBSCRIPTION.value:
            problems = getattr(self.execution_context.result, "errors", None) or []
            count(kind, problems, time.perf_counter() - began)


def count(kind: str, problems: list[GraphQLError], seconds: float) -> None:
    metrics.operations.labels(kind, _outcome(problems)).observe(seconds)


def _outcome(problems: list[GraphQLError]) -> str:
    if any((each.extensions or {}).get("code") == "INTERNAL" for each in problems):
        return "faulty"
    return "refused" if problems else "done"
