"""Spans of SQL statements, by the semantic conventions for databases.

Loaded only where traces are on.
"""

import time
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode, Tracer

from models.telemetry.statement_names import name_of


class StatementSpans:
    """asyncpg calls it after each statement of a connection, in the context of its task.

    What no operation, job or delivery asks for makes no span.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def __call__(self, record: Any) -> None:
        parent = trace.get_current_span().get_span_context()
        if not (parent.is_valid and parent.trace_flags.sampled):
            return
        ended, name = time.time_ns(), name_of(record.query)
        span = self._tracer.start_span(
            name,
            kind=SpanKind.CLIENT,
            start_time=ended - int(record.elapsed * 1e9),
            attributes={
                "db.system.name": "postgresql",
                "db.namespace": record.conn_params.database or "",
                "db.query.summary": name,
                **_server(record.conn_addr),
            },
        )
        if fault := record.exception:
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", type(fault).__qualname__)
            if code := getattr(fault, "sqlstate", None):
                span.set_attribute("db.response.status_code", code)
        span.end(ended)


def _server(address: Any) -> dict[str, Any]:
    """A host and its port, or the path of a Unix socket."""
    if isinstance(address, tuple):
        return {"server.address": address[0], "server.port": address[1]}
    return {"server.address": str(address)}
