"""The depth of an operation and the size of its largest possible answer."""

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
    IntValueNode,
    ListValueNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

DEEPEST = 15
# The usual introspection query is 14 deep.
DEEPEST_INTROSPECTION = 20
MOST_FIELDS = 250_000
MOST_IN_PAGE = 100
USUAL_LIST = 5


@dataclass(frozen=True)
class Size:
    """`fields` counts the fields of the largest possible answer, each list at its maximum."""

    depth: int = 0
    fields: int = 0


@dataclass
class Measure:
    """Measures selections; each fragment once per `paged`, however often it is spread."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, object]
    aliases: int = 0
    _known: dict[tuple[str, bool], Size] = field(default_factory=dict)

    def selections(
        self, chosen: SelectionSetNode | None, parent: GraphQLNamedType | None, paged: bool
    ) -> Size:
        depth = fields = 0
        for each in chosen.selections if chosen else ():
            if isinstance(each, FieldNode):
                size = self._field(each, parent, paged)
            elif isinstance(each, InlineFragmentNode):
                named = each.type_condition
                kind = self.schema.get_type(named.name.value) if named else parent
                size = self.selections(each.selection_set, kind, paged)
            else:
                assert isinstance(each, FragmentSpreadNode)
                size = self._fragment(each.name.value, paged)
            depth, fields = max(depth, size.depth), min(fields + size.fields, MOST_FIELDS + 1)
        return Size(depth, fields)

    def _fragment(self, name: str, paged: bool) -> Size:
        if (name, paged) not in self._known:
            # A fragment that spreads itself counts as empty; validation refuses it.
            self._known[name, paged] = Size()
            fragment = self.fragments.get(name)
            if fragment:
                kind = self.schema.get_type(fragment.type_condition.name.value)
                self._known[name, paged] = self.selections(fragment.selection_set, kind, paged)
        return self._known[name, paged]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, paged: bool) -> Size:
        self.aliases += node.alias is not None
        name = node.name.value
        if name.startswith("__"):
            inside = self.selections(node.selection_set, None, False)
            over = inside.depth + 1 > DEEPEST_INTROSPECTION
            return Size(DEEPEST + 1 if over else 1, inside.fields + 1)
        definition = _definition(parent, name)
        times, pages = self._times(node, definition, paged)
        kind = get_named_type(definition.type) if definition else None
        inside = self.selections(node.selection_set, kind, pages)
        return Size(inside.depth + 1, min(1 + times * inside.fields, MOST_FIELDS + 1))

    def _times(
        self, node: FieldNode, definition: GraphQLField | None, paged: bool
    ) -> tuple[int, bool]:
        """Return how often the selection may be answered, and whether that covers its `nodes`."""
        if definition is None:
            return 1, False
        if "first" in definition.args:
            return self._first(node, definition.args["first"].default_value), True
        kind = definition.type
        is_list = isinstance(
            kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList
        )
        return (max(USUAL_LIST, self._longest_list(node)) if is_list and not paged else 1), False

    def _first(self, node: FieldNode, default: object) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                default = self._value(argument.value, default)
        return max(1, min(default, MOST_IN_PAGE)) if isinstance(default, int) else MOST_IN_PAGE

    def _value(self, value: ValueNode, default: object) -> object:
        if isinstance(value, VariableNode):
            return self.variables.get(value.name.value, default)
        return int(value.value) if isinstance(value, IntValueNode) else default

    def _longest_list(self, node: FieldNode) -> int:
        """Return the length of the longest list among the arguments, e.g. of ids."""
        longest = 0
        for argument in node.arguments or ():
            value = argument.value
            if isinstance(value, ListValueNode):
                longest = max(longest, len(value.values))
            elif isinstance(value, VariableNode):
                given = self.variables.get(value.name.value)
                longest = max(longest, len(given) if isinstance(given, list) else 0)
        return longest


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        found: GraphQLField | None = parent.fields.get(name)
        return found
    return None
