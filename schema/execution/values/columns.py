"""How the rows of a list are completed together: field by field, instead of row by row.

A field whose values all are there, and none of which fails, is a column. The others are completed
row by row: what waits or fails belongs to one place.
"""

from asyncio import iscoroutine
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeAlias

from models.masking.contacts import any_may_have_contact
from schema.execution.values.calls import Call
from schema.execution.values.leaves import Write
from schema.execution.values.places import Place
from schema.execution.values.resolving import Resolves, resolved, value_of
from schema.execution.values.run import Run
from schema.execution.values.sorts import sorts

NONE = type(None)
# Completes the values of a field in many rows; None where one of them waits or fails.
Many: TypeAlias = Callable[[Sequence[Any], Run], Sequence[Any] | None]


class Values(Protocol):
    """The values of a field, or the items of its list."""

    nullable: bool
    plain: type | None
    write: Write | None
    many: Many


class Column(Values, Resolves, Protocol):
    """A field of the rows."""

    key: str
    mask: Call | None


# A field that is no column, and the values that its resolver has given for the first rows.
Rest: TypeAlias = list[tuple[Column, list[Any]]]


def fill_columns(
    fields: Iterable[Column], sources: Sequence[Any], rows: Sequence[dict[str, Any]], run: Run
) -> Rest:
    """Write the fields that are columns into the rows; return the others."""
    rest: Rest = []
    for field in fields:
        values = resolved(field, sources, run)
        column: Sequence[Any] | None = None
        if len(values) == len(sources) and not (field.mask and _may_be_masked(values)):
            column = completed(field, values, run)
        if column is None:
            rest.append((field, values))
            continue
        key = field.key
        for row, value in zip(rows, column, strict=True):
            row[key] = value
    return rest


def completed(of: Values, values: Sequence[Any], run: Run) -> Sequence[Any] | None:
    """Return what all the values are written as; None where one of them waits or fails."""
    kinds = set(map(type, values))
    has_none = NONE in kinds
    kinds.discard(NONE)
    if has_none and not of.nullable:
        return None
    if not kinds or kinds == {of.plain}:
        return values
    try:
        if not of.write:
            return of.many(values, run)
        if any(sorts[kind] for kind in kinds):
            return None
        write = of.write
        return [None if value is None else write(value) for value in values]
    except Exception:
        # Completed by itself, it fails again, at its place.
        return None


def finish_row(
    rest: Rest, n: int, source: Any, row: dict[str, Any], place: Place, run: Run
) -> None:
    """Complete what is no column in the n-th row; raises GraphQLError as `execute` does."""
    try:
        for field, values in rest:
            at = (place, row, field.key, field.nullable)
            try:
                value = value_of(field, source, run) if n >= len(values) else values[n]
                if n < len(values):
                    values[n] = None
                if field.mask:
                    value = field.mask(value, source, run.executor.context_value)
                row[field.key] = field.complete(value, at, run)
            except Exception as raised:
                row[field.key] = None
                run.refused(raised, field, at)
    except BaseException:
        close([(field, values[n : n + 1]) for field, values in rest])
        raise


def close(rest: Rest) -> None:
    """Nobody awaits what the resolvers have given."""
    for _, values in rest:
        for value in values:
            if iscoroutine(value):
                value.close()


def _may_be_masked(values: Sequence[Any]) -> bool:
    texts = [value for value in values if value is not None]
    return not set(map(type, texts)) <= {str} or any_may_have_contact(texts)
