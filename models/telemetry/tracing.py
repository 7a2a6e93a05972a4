"""The door to traces. Where they are off, nothing of OpenTelemetry is loaded.

They are on by OpenTelemetry's own variables: see docs/operations.md.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from settings import SettingsError

if TYPE_CHECKING:
    from models.telemetry.spans import Spans

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
EXPORTERS = ("otlp", "console")

# The key in a job and in an event's details: W3C's name.
ORIGIN = "traceparent"

_spans: "Spans | None" = None
_nothing: AbstractContextManager[None] = nullcontext()


@contextlib.contextmanager
def traced(service: str) -> Iterator[None]:
    """Trace this process while entered, if the environment says so.

    Raises SettingsError for what is not supported.
    """
    global _spans
    chosen = exporters(os.environ)
    if not chosen:
        yield
        return
    try:
        from models.telemetry.spans import Spans
    except ImportError:
        raise SettingsError(
            "traces need the extra `otel`: pip install '.[otel]', or set OTEL_SDK_DISABLED=true"
        ) from None
    _spans = Spans(service, chosen)
    try:
        yield
    finally:
        ended, _spans = _spans, None
        ended.shut_down()


def exporters(environment: Mapping[str, str]) -> list[str]:
    """Return where spans go, of EXPORTERS; nothing where traces are off."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return []
    default = "otlp" if any(environment.get(name) for name in ENDPOINTS) else "none"
    given = environment.get("OTEL_TRACES_EXPORTER") or default
    names = [name.strip() for name in given.split(",") if name.strip()]
    if names == ["none"]:
        return []
    for name in names:
        if name not in EXPORTERS:
            raise SettingsError(f"OTEL_TRACES_EXPORTER={given}: must be otlp, console or none")
    for name in PROTOCOLS:
        if environment.get(name, "http/protobuf") != "http/protobuf":
            raise SettingsError(f"{name}={environment[name]}: must be http/protobuf")
    return names


def is_on() -> bool:
    return _spans is not None


def spans() -> "Spans":
    """Call only where traces are on."""
    assert _spans is not None
    return _spans


def carry() -> str | None:
    """Return the present span, for who does later what was begun here; None without one."""
    return _spans.carry() if _spans else None


def details() -> dict[str, str]:
    """Return what an event's details keep of the present span; nothing without one."""
    origin = carry()
    return {ORIGIN: origin} if origin else {}


def operation() -> AbstractContextManager[None]:
    """Enter a span for an operation; `describe` names it."""
    return _spans.operation() if _spans else _nothing


def describe(operation: str, outcome: str, **ids: str) -> None:
    """Name the present span of an operation, and how it ended."""
    if _spans:
        _spans.describe(operation, outcome, ids)


def begun(operation: str, ids: Mapping[str, str], *, goes_on: bool = False) -> None:
    """End the span of what takes long, such as a subscription.

    What follows in this task belongs to no trace; where it `goes_on`, to the same.
    """
    if _spans:
        _spans.begun(operation, ids, goes_on=goes_on)


def together(origins: Iterable[str | None]) -> AbstractContextManager[None]:
    """Enter a span for what several operations wait for: of the first, linked to the others."""
    return _spans.together(origins) if _spans else _nothing


def linked(
    name: str, kind: str, origins: Iterable[str | None], **attributes: str
) -> AbstractContextManager[None]:
    """Enter a trace of its own, linked to the spans that made it necessary.

    `kind` is CONSUMER or CLIENT. `__` in the name of an attribute is a dot.
    """
    return _spans.linked(name, kind, origins, attributes) if _spans else _nothing


def link(origins: Iterable[str | None]) -> None:
    """Link the present span to these too."""
    if _spans:
        _spans.link(origins)


def failed(why: str) -> None:
    """Say that what the present span stands for failed; `why` is one of few words."""
    if _spans:
        _spans.failed(why)
