"""How a list is completed: its items together; the rest of a long one waits for a turn."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any, Protocol

from graphql import GraphQLError
from graphql.pyutils import is_iterable

from schema.execution.values.columns import Values, close, completed, fill_columns, finish_row
from schema.execution.values.objects import Objects
from schema.execution.values.places import Place
from schema.execution.values.run import Completes, Run
from schema.execution.values.widths import width_of

# A union of types would be made anew for each list.
SEQUENCES = (list, tuple)


class Item(Values, Completes, Protocol):
    objects: Objects | None


class Items:
    """Completes the lists of a field."""

    def __init__(self, field: str, item: Item) -> None:
        self._field = field
        self._item = item
        # The fields of an item, and itself; 0 until a list is completed.
        self._width = 0

    def finish(self, values: Any, place: Place, run: Run) -> list[Any]:
        given = values if isinstance(values, SEQUENCES) else _listed(values, self._field)
        done = [None] * len(given)
        if given:
            self._fill(done, given, 0, place, run)
        return done

    def many(self, lists: Sequence[Any], run: Run) -> Sequence[Any] | None:
        """Complete the items of all the lists together."""
        given = [each for each in lists if each is not None]
        if not set(map(type, given)) <= set(SEQUENCES):
            return None
        items = [*chain.from_iterable(given)]
        if len(items) * self._width_in(run) > run.left:
            return None
        made = completed(self._item, items, run)
        if made is None:
            return None
        rest = iter(made)
        return [None if each is None else [*islice(rest, len(each))] for each in lists]

    def _fill(self, done: list[Any], given: Sequence[Any], n: int, place: Place, run: Run) -> None:
        while n < len(given):
            if run.left <= 0:
                run.later.append((place, partial(self._fill, done, given, n, place, run)))
                return
            part = given[n : n + max(1, run.left // self._width_in(run))]
            if not self._fill_together(done, part, n, place, run):
                self._fill_one_by_one(done, part, n, place, run)
            n += len(part)

    def _fill_together(
        self, done: list[Any], part: Sequence[Any], n: int, place: Place, run: Run
    ) -> bool:
        item = self._item
        if item.objects is None:
            made = completed(item, part, run)
            if made is not None:
                run.left -= len(part)
                done[n : n + len(part)] = made
            return made is not None
        rows = item.objects.begun(part, run)
        if rows is None:
            return False
        done[n : n + len(part)] = rows
        if rest := fill_columns(item.objects.fields, part, rows, run):
            try:
                for k, (source, row) in enumerate(zip(part, rows, strict=True)):
                    at = (place, done, n + k, item.nullable)
                    try:
                        finish_row(rest, k, source, row, at, run)
                    except Exception as raised:
                        done[n + k] = None
                        run.refused(raised, item, at)
            except BaseException:
                close(rest)
                raise
        return True

    def _fill_one_by_one(
        self, done: list[Any], part: Sequence[Any], n: int, place: Place, run: Run
    ) -> None:
        item = self._item
        run.left -= len(part)
        for k, value in enumerate(part, n):
            at = (place, done, k, item.nullable)
            try:
                done[k] = item.complete(value, at, run)
            except Exception as raised:
                run.refused(raised, item, at)

    def _width_in(self, run: Run) -> int:
        if not self._width:
            self._width = 1 + width_of(self._item.nodes, run.executor.fragment_definitions)
        return self._width


def _listed(values: Any, field: str) -> Sequence[Any]:
    if not is_iterable(values):
        raise GraphQLError(f"Expected Iterable, but did not find one for field '{field}'.")
    found: Iterable[Any] = values
    return list(found)
