"""A span's identity as text, for who does later what it began: W3C's `traceparent`.

Loaded only where traces are on.
"""

from collections.abc import Iterable

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanContext
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

HEADER = "traceparent"
PROPAGATOR = TraceContextTextMapPropagator()


def carry() -> str | None:
    """Return that of the present span; None without one."""
    carrier: dict[str, str] = {}
    PROPAGATOR.inject(carrier)
    return carrier.get(HEADER)


def contexts(carried: Iterable[str | None]) -> list[SpanContext]:
    """Return those that are there and well formed, each once."""
    found: dict[int, SpanContext] = {}
    for text in filter(None, carried):
        context = PROPAGATOR.extract({HEADER: text}, Context())
        span = trace.get_current_span(context).get_span_context()
        if span.is_valid:
            found.setdefault(span.span_id, span)
    return list(found.values())
