"""The depth of an operation, and what its largest possible answer costs."""

from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from schema.execution.documents.given import Given, Many, literal_int
from schema.execution.documents.weights import ARGUMENTS, LIST, VALUE, weight_of

DEEPEST = 15
# The usual introspection query is 14 deep.
DEEPEST_INTROSPECTION = 20
MOST_COST = 50_000
MOST_IN_PAGE = 100
USUAL_LIST = 5
# Lists of the schema about itself: how many a type has on average, or more.
INTROSPECTED = {
    "types": 150,
    "directives": 10,
    "fields": 3,
    "args": 1,
    # One type in four has another in it.
    "ofType": 0.25,
}


@dataclass(frozen=True)
class Size:
    """`cost` weighs the fields of the largest possible answer, each list at its maximum."""

    depth: int = 0
    cost: int = 0


@dataclass
class Measure:
    """Measures selections; each fragment once per `page`, however often it is spread.

    Inside a connection, `page` is how many `nodes` it may have, else 0.
    """

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: Given
    aliases: int = 0
    _known: dict[tuple[str, int], Size] = field(default_factory=dict)

    def selections(
        self, chosen: SelectionSetNode | None, parent: GraphQLNamedType | None, page: int
    ) -> Size:
        depth = cost = 0
        for each in chosen.selections if chosen else ():
            if isinstance(each, FieldNode):
                size = self._field(each, parent, page)
            elif isinstance(each, InlineFragmentNode):
                named = each.type_condition
                kind = self.schema.get_type(named.name.value) if named else parent
                size = self.selections(each.selection_set, kind, page)
            else:
                assert isinstance(each, FragmentSpreadNode)
                size = self._fragment(each.name.value, page)
            depth, cost = max(depth, size.depth), min(cost + size.cost, MOST_COST + 1)
        return Size(depth, cost)

    def _fragment(self, name: str, page: int) -> Size:
        if (name, page) not in self._known:
            # A fragment that spreads itself counts as empty; validation refuses it.
            self._known[name, page] = Size()
            fragment = self.fragments.get(name)
            if fragment:
                kind = self.schema.get_type(fragment.type_condition.name.value)
                self._known[name, page] = self.selections(fragment.selection_set, kind, page)
        return self._known[name, page]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, page: int) -> Size:
        self.aliases += node.alias is not None
        name = node.name.value
        if parent is None or parent.name.startswith("__") or name.startswith("__"):
            return self._introspected(node)
        definition = _definition(parent, name)
        times, inner = self._times(node, definition, page)
        kind = get_named_type(definition.type) if definition else None
        inside = self.selections(node.selection_set, kind, inner)
        own = weight_of(parent.name, name) + (LIST if inner else 0) + self._arguments(node)
        return Size(inside.depth + 1, min(own + times * inside.cost, MOST_COST + 1))

    def _introspected(self, node: FieldNode) -> Size:
        name = node.name.value
        inside = self.selections(node.selection_set, None, 0)
        depth = inside.depth + 1
        if name.startswith("__"):
            depth = DEEPEST + 1 if depth > DEEPEST_INTROSPECTION else 1
        cost = 1 + int(INTROSPECTED.get(name, 1) * inside.cost)
        return Size(depth, min(cost, MOST_COST + 1))

    def _times(
        self, node: FieldNode, definition: GraphQLField | None, page: int
    ) -> tuple[int, int]:
        """Return how often the selection may be answered, and how many nodes are inside."""
        if definition is None:
            return 1, 0
        if "first" in definition.args:
            return 1, self._first(node, definition.args["first"].default_value)
        kind = definition.type
        is_list = isinstance(
            kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList
        )
        return (page or max(USUAL_LIST, self._longest_list(node)) if is_list else 1), 0

    def _first(self, node: FieldNode, default: object) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                default = self._value(argument.value, default)
        return max(1, min(default, MOST_IN_PAGE)) if isinstance(default, int) else MOST_IN_PAGE

    def _value(self, value: ValueNode, default: object) -> object:
        if isinstance(value, VariableNode):
            return self.variables.get(value.name.value, default)
        return literal_int(value, default)

    def _longest_list(self, node: FieldNode) -> int:
        """Return the length of the longest list among the arguments, e.g. of ids."""
        return max((self._given(each.value).length for each in node.arguments or ()), default=0)

    def _arguments(self, node: FieldNode) -> int:
        """Return what the arguments cost: to read each of their values, and to search."""
        return sum(
            VALUE * self._given(each.value).values + ARGUMENTS.get(each.name.value, 0)
            for each in node.arguments or ()
        )

    def _given(self, value: ValueNode) -> Many:
        if isinstance(value, ListValueNode):
            return Many(len(value.values), len(value.values))
        given = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
        return given if isinstance(given, Many) else Many()


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        found: GraphQLField | None = parent.fields.get(name)
        return found
    return None
