"""How a field of many objects is resolved: by one call, or by one for each until one waits."""

from collections.abc import Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any, Protocol

from schema.base.fields import Together
from schema.execution.values.calls import Call
from schema.execution.values.run import Asks, Run
from schema.execution.values.sorts import AWAITABLE, sorts


class Resolves(Asks, Protocol):
    """A field, whose values come from an attribute, a function, or as `resolve` gets them."""

    attribute: str | None
    call: Call | None
    together: Together | None
    resolve: Call


def resolved(field: Resolves, sources: Sequence[Any], run: Run) -> list[Any]:
    """Return the values of all sources; of fewer where one waits or fails."""
    try:
        if field.attribute:
            return [*map(attrgetter(field.attribute), sources)]
        if field.together:
            values = field.together(sources, run.infos[field])
            if values is not None:
                return [*values]
        first = value_of(field, sources[0], run)
    except Exception:
        return []
    values = [first]
    if sorts[type(first)] == AWAITABLE:
        return values
    call = field.call
    info = run.infos[field] if call else None
    # What fails here fails again at its place.
    with suppress(Exception):
        for source in sources[1:]:
            values.append(call(source, info) if call else field.resolve(source, run))
    return values


def value_of(field: Resolves, source: Any, run: Run) -> Any:
    if field.attribute:
        return getattr(source, field.attribute)
    if field.call:
        return field.call(source, run.infos[field])
    return field.resolve(source, run)
