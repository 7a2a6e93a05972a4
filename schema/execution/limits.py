"""Limits on depth, aliases, fragments and size of an operation, checked before validation."""

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
)

from schema.execution.measure import DEEPEST, MOST_FIELDS, Measure

MOST_ALIASES = 200
MOST_FRAGMENTS = 100
MOST_TOKENS = 5_000
LONGEST_DOCUMENT = 64 * 1024
TOO_DEEP = f"The operation is too deep: at most {DEEPEST} levels."


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


def _defaults(operation: OperationDefinitionNode) -> dict[str, object]:
    return {
        each.variable.name.value: int(each.default_value.value)
        for each in operation.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    }
