"""How often the arguments of a field multiply its answer, and what they cost themselves."""

from dataclasses import dataclass

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    ListValueNode,
    ValueNode,
    VariableNode,
    get_nullable_type,
)

from schema.execution.documents.given import Given, Many, literal_int
from schema.execution.documents.weights import ARGUMENTS, VALUE, VALUES

MOST_IN_PAGE = 100
USUAL_LIST = 5


@dataclass(frozen=True)
class Arguments:
    given: Given

    def times(self, node: FieldNode, definition: GraphQLField | None, page: int) -> tuple[int, int]:
        """Return how often the selection may be answered, and how many nodes are inside."""
        if definition is None:
            return 1, 0
        if "first" in definition.args:
            return 1, self._page(node, definition.args["first"].default_value)
        is_list = isinstance(get_nullable_type(definition.type), GraphQLList)
        return (page or max(USUAL_LIST, self._longest_list(node)) if is_list else 1), 0

    def cost(self, node: FieldNode) -> int:
        """Return what it costs to read each of their values, and to search."""
        cost = 0
        for argument in node.arguments or ():
            values = self._many(argument.value).values
            cost += VALUE * values + ARGUMENTS.get(argument.name.value, 0)
            # More are refused before they cost any more.
            cost += VALUES.get(node.name.value, 0) * min(values, MOST_IN_PAGE)
        return cost

    def _page(self, node: FieldNode, usual: object) -> int:
        """Return how many nodes the page has at most; with `first` and `last` it is refused."""
        sizes = [
            self._value(each.value, usual)
            for each in node.arguments or ()
            if each.name.value in ("first", "last")
        ]
        return max(map(_bounded, sizes or [usual]))

    def _value(self, value: ValueNode, default: object) -> object:
        if isinstance(value, VariableNode):
            return self.given.get(value.name.value, default)
        return literal_int(value, default)

    def _longest_list(self, node: FieldNode) -> int:
        """Return the length of the longest list among the arguments, e.g. of ids."""
        return max((self._many(each.value).length for each in node.arguments or ()), default=0)

    def _many(self, value: ValueNode) -> Many:
        if isinstance(value, ListValueNode):
            return Many(len(value.values), len(value.values))
        given = self.given.get(value.name.value) if isinstance(value, VariableNode) else None
        return given if isinstance(given, Many) else Many()


def _bounded(size: object) -> int:
    return max(1, min(size, MOST_IN_PAGE)) if isinstance(size, int) else MOST_IN_PAGE
