"""The depth of an operation, and what its largest possible answer costs."""

from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)

from schema.execution.documents.arguments import Arguments
from schema.execution.documents.given import Given
from schema.execution.documents.weights import LIST, weight_of

DEEPEST = 15
# The usual introspection query is 14 deep.
DEEPEST_INTROSPECTION = 20
MOST_COST = 50_000
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
    given: Given
    aliases: int = 0
    _known: dict[tuple[str, int], Size] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._arguments = Arguments(self.given)

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
        times, inner = self._arguments.times(node, definition, page)
        kind = get_named_type(definition.type) if definition else None
        inside = self.selections(node.selection_set, kind, inner)
        own = weight_of(parent.name, name) + (LIST if inner else 0) + self._arguments.cost(node)
        return Size(inside.depth + 1, min(own + times * inside.cost, MOST_COST + 1))

    def _introspected(self, node: FieldNode) -> Size:
        name = node.name.value
        inside = self.selections(node.selection_set, None, 0)
        depth = inside.depth + 1
        if name.startswith("__"):
            depth = DEEPEST + 1 if depth > DEEPEST_INTROSPECTION else 1
        cost = 1 + int(INTROSPECTED.get(name, 1) * inside.cost)
        return Size(depth, min(cost, MOST_COST + 1))


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        found: GraphQLField | None = parent.fields.get(name)
        return found
    return None
