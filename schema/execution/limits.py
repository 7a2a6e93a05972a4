"""Limits on depth, aliases, fragments and size of an operation, checked before validation."""

from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
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
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

DEEPEST = 15
# The usual introspection query is 14 deep.
DEEPEST_INTROSPECTION = 20
MOST_ALIASES = 200
MOST_FIELDS = 250_000
MOST_FRAGMENTS = 100
MOST_TOKENS = 5_000
LONGEST_DOCUMENT = 64 * 1024
MOST_IN_PAGE = 100
USUAL_LIST = 5
TOO_DEEP = f"The operation is too deep: at most {DEEPEST} levels."


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


def too_much(
    schema: GraphQLSchema, document: DocumentNode, variables: dict[str, object]
) -> str | None:
    """Return a message about the first limit exceeded, or None."""
    definitions = document.definitions
    fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
    if len(fragments) > MOST_FRAGMENTS:
        return f"The operation has too many fragments: at most {MOST_FRAGMENTS}."
    for operation in definitions:
        if isinstance(operation, OperationDefinitionNode):
            measure = Measure(schema, fragments, _defaults(operation) | variables)
            root = schema.get_root_type(operation.operation)
            size = measure.selections(operation.selection_set, root, False)
            if size.depth > DEEPEST:
                return TOO_DEEP
            if measure.aliases > MOST_ALIASES:
                return f"The operation has too many aliases: at most {MOST_ALIASES}."
            if size.fields > MOST_FIELDS:
                return (
                    f"The operation asks for too much: up to {MOST_FIELDS:,} fields at once;"
                    " ask for fewer with `first`, or in several operations."
                )
    return None


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        found: GraphQLField | None = parent.fields.get(name)
        return found
    return None


def _defaults(operation: OperationDefinitionNode) -> dict[str, object]:
    return {
        each.variable.name.value: int(each.default_value.value)
        for each in operation.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    }
