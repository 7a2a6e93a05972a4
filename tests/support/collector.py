"""A receiver of traces as an operator would run it: OTLP over HTTP, in protobuf."""

import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.requests import Request
from starlette.responses import Response

from tests.support.receiver import serving


@dataclass(frozen=True)
class Seen:
    """A span, by hexadecimal ids."""

    service: str
    span: Span

    @property
    def name(self) -> str:
        return self.span.name

    @property
    def trace(self) -> str:
        return self.span.trace_id.hex()

    @property
    def id(self) -> str:
        return self.span.span_id.hex()

    @property
    def parent(self) -> str:
        return self.span.parent_span_id.hex()

    @property
    def kind(self) -> str:
        return str(Span.SpanKind.Name(self.span.kind))

    @property
    def links(self) -> list[tuple[str, str]]:
        return [(link.trace_id.hex(), link.span_id.hex()) for link in self.span.links]

    @property
    def attributes(self) -> dict[str, Any]:
        return {
            each.key: getattr(each.value, each.value.WhichOneof("value") or "")
            for each in self.span.attributes
        }


@dataclass
class Collector:
    port: int
    spans: list[Seen] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def of(self, name: str) -> list[Seen]:
        return [each for each in self.spans if each.name == name]

    def under(self, span: Seen) -> list[Seen]:
        """The spans below this one, at any depth."""
        below = [each for each in self.spans if each.parent == span.id]
        return below + [deeper for each in below for deeper in self.under(each)]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        assert request.url.path == "/v1/traces"
        assert request.headers["content-type"] == "application/x-protobuf"
        told = ExportTraceServiceRequest.FromString(await request.body())
        for resource in told.resource_spans:
            named = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scoped in resource.scope_spans:
                self.spans += [Seen(named["service.name"], span) for span in scoped.spans]
        answer = ExportTraceServiceResponse().SerializeToString()
        await Response(answer, media_type="application/x-protobuf")(scope, receive, send)


@contextlib.asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        collector = Collector(listening.getsockname()[1])
        async with serving(collector, listening):
            yield collector
