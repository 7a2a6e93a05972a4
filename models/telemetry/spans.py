"""Spans of OpenTelemetry, by its semantic conventions for GraphQL, databases and messaging.

Loaded only where traces are on: see tracing.py. Spans carry names and ids, no texts, no values, no
variables.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)
from opentelemetry.trace import INVALID_SPAN, Link, SpanKind, StatusCode

from models.telemetry import origins
from models.telemetry.statement_spans import StatementSpans

OPERATION_TYPE = "graphql.operation.type"
KINDS = ("query", "mutation", "subscription")
NOWHERE = trace.set_span_in_context(INVALID_SPAN, Context())


class Spans:
    """The SDK reads sampler, limits, endpoint and headers from OTEL_… by itself."""

    def __init__(self, service: str, exporters: list[str]) -> None:
        self._provider = TracerProvider(resource=_resource(service))
        for name in exporters:
            self._provider.add_span_processor(_processor(name))
        self._tracer = self._provider.get_tracer("seapool")
        # For asyncpg, of each connection.
        self.statement = StatementSpans(self._tracer)

    def carry(self) -> str | None:
        return origins.carry()

    def shut_down(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    @contextlib.contextmanager
    def operation(self, headers: Mapping[str, str] | None = None) -> Iterator[None]:
        """Part of the client's trace, where its headers name one; without any, of the present."""
        parent = None if headers is None else origins.PROPAGATOR.extract(headers, Context())
        with self._entered("GraphQL Operation", parent, kind=SpanKind.SERVER):
            yield

    def describe(self, operation: str, outcome: str, ids: Mapping[str, str]) -> None:
        span = trace.get_current_span()
        if not span.is_recording():
            return
        kind, _, name = operation.partition(" ")
        span.update_name(operation)
        if kind in KINDS:
            span.set_attribute(OPERATION_TYPE, kind)
            if name:
                span.set_attribute("graphql.operation.name", name)
        else:
            span.set_attributes({"http.request.method": kind, "http.route": name})
        span.set_attributes({f"seapool.{key}.id": value for key, value in ids.items()})
        span.set_attribute("seapool.outcome", outcome)
        if outcome == "faulty":
            self.failed(outcome)

    def begun(self, operation: str, ids: Mapping[str, str], *, goes_on: bool) -> None:
        span = trace.get_current_span()
        # An event stream of one event: its query is done already.
        done = isinstance(span, ReadableSpan) and OPERATION_TYPE in (span.attributes or {})
        if span.is_recording() and not done:
            self.describe(operation, "begun", ids)
            span.end()
            if not goes_on:
                attach(NOWHERE)

    @contextlib.contextmanager
    def together(self, carried: Iterable[str | None]) -> Iterator[None]:
        contexts = origins.contexts(carried)
        if not contexts:
            token = attach(NOWHERE)
            try:
                yield
            finally:
                detach(token)
            return
        first, *others = contexts
        parent = trace.set_span_in_context(trace.NonRecordingSpan(first), Context())
        links = [Link(each) for each in others]
        with self._entered("write claims together", parent, links=links):
            yield

    @contextlib.contextmanager
    def linked(
        self,
        name: str,
        kind: str,
        carried: Iterable[str | None],
        attributes: Mapping[str, str],
    ) -> Iterator[None]:
        links = [Link(each) for each in origins.contexts(carried)]
        named = {key.replace("__", "."): value for key, value in attributes.items()}
        with self._entered(name, Context(), SpanKind[kind], named, links):
            yield

    def link(self, carried: Iterable[str | None]) -> None:
        span = trace.get_current_span()
        for each in origins.contexts(carried):
            span.add_link(each)

    def failed(self, why: str) -> None:
        span = trace.get_current_span()
        span.set_status(StatusCode.ERROR)
        span.set_attribute("error.type", why)

    @contextlib.contextmanager
    def _entered(
        self,
        name: str,
        parent: Context | None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Mapping[str, str] | None = None,
        links: Sequence[Link] = (),
    ) -> Iterator[None]:
        """An exception gives its type alone: its words may be a person's."""
        span = self._tracer.start_span(name, parent, kind, attributes, links)
        token = attach(trace.set_span_in_context(span))
        try:
            yield
        except BaseException as fault:
            if span.is_recording():
                self.failed(type(fault).__qualname__)
            raise
        finally:
            detach(token)
            if span.is_recording():
                span.end()


def _resource(service: str) -> Resource:
    named = "OTEL_SERVICE_NAME" in os.environ
    named = named or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    return Resource.create({} if named else {"service.name": service})


def _processor(exporter: str) -> Any:
    if exporter == "console":
        return SimpleSpanProcessor(ConsoleSpanExporter())
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return BatchSpanProcessor(OTLPSpanExporter())
