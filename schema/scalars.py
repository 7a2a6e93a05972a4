"""How instants, durations, amounts and cursors are written and read."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from models.durations import Span

Cursor = NewType("Cursor", str)


def write_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)


def read_instant(value: Any) -> datetime:
    wrong = "must be an ISO 8601 instant with its offset, e.g. 2026-11-23T08:00:00.000000Z"
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError(wrong) from None
    if moment.tzinfo is None:
        raise GraphQLError(wrong)
    return moment.astimezone(UTC)


def read_span(value: Any) -> Span:
    try:
        return Span.parse(value)
    except TypeError:
        raise GraphQLError("must be an ISO 8601 duration in a string, e.g. P7D") from None
    except ValueError as error:
        raise GraphQLError(str(error)) from None


def read_decimal(value: Any) -> Decimal:
    try:
        if isinstance(value, bool):
            raise ValueError
        return Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise GraphQLError("must be a decimal number, e.g. 1280.50") from None


def read_cursor(value: Any) -> Cursor:
    if not isinstance(value, str):
        raise GraphQLError("must be a cursor that the server gave, unchanged")
    return Cursor(value)


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="ISO 8601 instant in UTC with microseconds, e.g. 2026-11-23T08:00:00.000000Z.",
        serialize=write_instant,
        parse_value=read_instant,
    ),
    Span: strawberry.scalar(
        name="Duration",
        description="ISO 8601 duration of weeks, days, hours, minutes, seconds,"
        " e.g. P7D, PT36H, PT2S. No months or years.",
        serialize=lambda span: span if isinstance(span, str) else str(span),
        parse_value=read_span,
    ),
    Cursor: strawberry.scalar(
        name="Cursor",
        description="An opaque place in a list or in the event feed."
        " Sortable by nobody but the server.",
        serialize=str,
        parse_value=read_cursor,
    ),
    Decimal: strawberry.scalar(name="Decimal", serialize=str, parse_value=read_decimal),
}
