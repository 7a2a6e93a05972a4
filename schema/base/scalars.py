"""How instants, durations, amounts and cursors are written and read."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, ValueNode
from strawberry.types.scalar import ScalarDefinition

from models.rules.durations import Span

Cursor = NewType("Cursor", str)


class BadValue(GraphQLError):
    """A value that its scalar can't read. Its message says what would be right."""


def write_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)


def read_instant(value: Any) -> datetime:
    wrong = "must be an ISO 8601 instant with its offset, e.g. 2026-11-23T08:00:00.000000Z"
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise BadValue(wrong)
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise BadValue(wrong) from None


def read_day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadValue("must be a day in a string, e.g. 2026-10-01") from None


def read_span(value: Any) -> Span:
    try:
        return Span.parse(value)
    except TypeError:
        raise BadValue("must be an ISO 8601 duration in a string, e.g. P7D") from None
    except ValueError as error:
        raise BadValue(error.args[0]) from None


def read_decimal(value: Any) -> Decimal:
    try:
        if isinstance(value, bool):
            raise ValueError
        return Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise BadValue("must be a decimal number, e.g. 1280.50") from None


def read_cursor(value: Any) -> Cursor:
    if not isinstance(value, str):
        raise BadValue("must be a cursor that the server gave, unchanged")
    return Cursor(value)


def _scalar(
    name: str,
    serialize: Callable[[Any], str],
    read: Callable[[Any], object],
    description: str | None = None,
) -> ScalarDefinition:
    def read_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> object:
        try:
            # A list and an object have none, and neither is a value of these.
            return read(getattr(node, "value", None))
        except BadValue as wrong:
            raise BadValue(wrong.message, node) from None

    return strawberry.scalar(
        name=name,
        description=description,
        serialize=serialize,
        parse_value=read,
        parse_literal=read_literal,
    )


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        write_instant,
        read_instant,
        "ISO 8601 instant in UTC with microseconds, e.g. 2026-11-23T08:00:00.000000Z.",
    ),
    date: _scalar("Date", date.isoformat, read_day, "Date (isoformat)"),
    Span: _scalar(
        "Duration",
        lambda span: span if isinstance(span, str) else str(span),
        read_span,
        "ISO 8601 duration of weeks, days, hours, minutes, seconds,"
        " e.g. P7D, PT36H, PT2S. No months or years.",
    ),
    Cursor: _scalar(
        "Cursor",
        str,
        read_cursor,
        "An opaque place in a list or in the event feed. Sortable by nobody but the server.",
    ),
    Decimal: _scalar("Decimal", str, read_decimal),
}
