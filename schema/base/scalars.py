"""The scalars: how instants, dates, durations, amounts and cursors are written and read."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import orjson
import strawberry
from graphql import GraphQLError, ValueNode
from strawberry.types.scalar import ScalarDefinition

from models.rules.durations import Span
from models.texts.text import Text

Cursor = NewType("Cursor", str)
# Characters of a value as a client sends it.
LONGEST = 64
# One of the order NAME has the name's key, of up to 2,000 bytes.
LONGEST_CURSOR = 8_000
# What nobody could mean: the verb refuses it, where its answer names what is wrong.
NO_NUMBER = Decimal("NaN")


class BadValue(GraphQLError):
    """A value that its scalar cannot read; the message says what is accepted."""


def write_instant(moment: datetime) -> str:
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    if in_utc.microsecond:
        return orjson.dumps(in_utc, None, orjson.OPT_UTC_Z)[1:-1].decode()
    # orjson leaves out microseconds that are zero.
    return in_utc.isoformat(timespec="microseconds")[:26] + "Z"


def read_instant(value: object) -> datetime:
    wrong = "must be an ISO 8601 instant with its offset, e.g. 2026-11-23T08:00:00.000000Z"
    try:
        moment = datetime.fromisoformat(_text(value, wrong))
        if moment.tzinfo is None:
            raise BadValue(wrong)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue(wrong) from None


def read_day(value: object) -> date:
    wrong = "must be a day in a string, e.g. 2026-10-01"
    try:
        return date.fromisoformat(_text(value, wrong))
    except ValueError:
        raise BadValue(wrong) from None


def read_span(value: object) -> Span:
    text = _text(value, "must be an ISO 8601 duration in a string, e.g. P7D")
    try:
        return Span.parse(text)
    except ValueError as error:
        raise BadValue(error.args[0]) from None


def read_decimal(value: object) -> Decimal:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        text = str(value)
        return Decimal(text) if len(text) <= LONGEST else NO_NUMBER
    except (InvalidOperation, ValueError):
        raise BadValue("must be a decimal number, e.g. 1280.50") from None


def read_cursor(value: object) -> Cursor:
    wrong = "must be a cursor that the server gave, unchanged"
    return Cursor(_text(value, wrong, LONGEST_CURSOR))


def _text(value: object, wrong: str, most: int = LONGEST) -> str:
    if not isinstance(value, str):
        raise BadValue(wrong)
    return _short(value, most)


def _short(text: str, most: int = LONGEST) -> str:
    if len(text) > most:
        raise BadValue(Text("must be no longer than {most} characters", most=most))
    return text


def _scalar(
    name: str,
    serialize: Callable[[Any], str],
    read: Callable[[object], object],
    description: str | None = None,
) -> ScalarDefinition:
    def read_literal(node: ValueNode, _variables: object = None) -> object:
        try:
            # A list and an object have no `value`, and no scalar here reads None.
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
    date: _scalar("Date", date.isoformat, read_day, "ISO 8601 date, e.g. 2026-10-01."),
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
        "An opaque position in a list or in the event feed; do not compare.",
    ),
    Decimal: _scalar("Decimal", str, read_decimal),
}
