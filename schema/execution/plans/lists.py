"""How a list is completed: item by item; the rest of a long one waits for a turn."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

from graphql import GraphQLError
from graphql.pyutils import is_iterable

from schema.execution.plans.leaves import Write
from schema.execution.plans.places import Place
from schema.execution.plans.run import Completes, Finish, Run
from schema.execution.plans.sorts import sorts

# A union of types would be made anew for each list.
SEQUENCES = (list, tuple)


class Item(Completes, Protocol):
    nullable: bool
    known: set[type]
    finish: Finish
    write: Write | None


def items(field: str, item: Item) -> Finish:
    """Return what completes the values of a field's list."""

    def finish(values: Any, place: Place, run: Run) -> list[Any]:
        given = values if isinstance(values, SEQUENCES) else _listed(values, field)
        completed = [None] * len(given)
        if given:
            fill(completed, given, 0, place, run)
        return completed

    def fill(completed: list[Any], given: Sequence[Any], n: int, place: Place, run: Run) -> None:
        while n < len(given):
            if run.left <= 0:
                run.later.append((place, partial(fill, completed, given, n, place, run)))
                return
            run.left -= 1
            at = (place, completed, n, item.nullable)
            value = given[n]
            kind = type(value)
            try:
                if kind in item.known:
                    completed[n] = item.finish(value, at, run)
                elif item.write and value is not None and not sorts[kind]:
                    completed[n] = item.write(value)
                else:
                    completed[n] = item.complete(value, at, run)
            except Exception as raised:
                run.refused(raised, item, at)
            n += 1

    return finish


def _listed(values: Any, field: str) -> list[Any]:
    if not is_iterable(values):
        raise GraphQLError(f"Expected Iterable, but did not find one for field '{field}'.")
    return list(values)
