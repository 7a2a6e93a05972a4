"""Counts what validation compares: selections that are merged under one response name."""

from collections import defaultdict
from collections.abc import Iterator

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)

# Validation compares any two of the fields of one response name, and any two fragments.
MOST_PAIRS = 5_000
MOST_VISITS = 10_000

Fragments = dict[str, FragmentDefinitionNode]


class TooManySelections(Exception):
    """`name` is the response name that is selected the most often in one place, if it is one."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name


class Selections:
    """Merges selections as validation does: level by level, each fragment once in a level."""

    def __init__(self, fragments: Fragments) -> None:
        self._fragments = fragments
        self._visits = 0
        self._pairs = 0

    def check(self, chosen: SelectionSetNode) -> None:
        """Raises TooManySelections where validation would compare too much."""
        waiting = [[chosen]]
        while waiting:
            spread: set[str] = set()
            fields: dict[str, list[FieldNode]] = defaultdict(list)
            for field in self._fields(waiting.pop(), spread):
                fields[(field.alias or field.name).value].append(field)
            self._count_pairs(fields, len(spread))
            inside = ([each.selection_set for each in same] for same in fields.values())
            waiting += filter(None, map(_given, inside))

    def _fields(self, waiting: list[SelectionSetNode], spread: set[str]) -> Iterator[FieldNode]:
        """Yield the fields in the selections; adds the fragments that they spread to `spread`."""
        while waiting:
            for each in waiting.pop().selections:
                self._visits += 1
                if self._visits > MOST_VISITS:
                    raise TooManySelections
                if isinstance(each, FieldNode):
                    yield each
                elif isinstance(each, InlineFragmentNode):
                    waiting.append(each.selection_set)
                elif isinstance(each, FragmentSpreadNode) and each.name.value not in spread:
                    spread.add(each.name.value)
                    fragment = self._fragments.get(each.name.value)
                    waiting += [fragment.selection_set] if fragment else []

    def _count_pairs(self, fields: dict[str, list[FieldNode]], spread: int) -> None:
        self._pairs += _pairs(spread) + sum(_pairs(len(same)) for same in fields.values())
        if self._pairs > MOST_PAIRS:
            name = max(fields, key=lambda each: len(fields[each]), default=None)
            raise TooManySelections(name if name and len(fields[name]) > spread else None)


def _given(sets: list[SelectionSetNode | None]) -> list[SelectionSetNode]:
    return [each for each in sets if each is not None]


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
