"""Limits on depth, aliases, fragments and size of a document, checked before validation."""

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
)

from schema.execution.documents.given import Given
from schema.execution.documents.measure import DEEPEST, MOST_COST, Measure
from schema.execution.documents.selections import (
    Fragments,
    Selections,
    TooManySelections,
)

MOST_ALIASES = 200
MOST_FRAGMENTS = 100
MOST_OPERATIONS = 20
MOST_TOKENS = 5_000
LONGEST_DOCUMENT = 64 * 1024
TOO_DEEP = f"The operation is too deep: at most {DEEPEST} levels."
TOO_MUCH = (
    f"The operation asks for too much: it may cost {MOST_COST:,};"
    " ask for fewer with `first`, or in several operations."
)


def too_large(schema: GraphQLSchema, document: DocumentNode) -> str | None:
    """Return a message about the first limit that the document exceeds, or None."""
    fragments, operations = fragments_of(document), operations_of(document)
    if len(fragments) > MOST_FRAGMENTS:
        return f"The document has too many fragments: at most {MOST_FRAGMENTS}."
    if len(operations) > MOST_OPERATIONS:
        return f"The document has too many operations: at most {MOST_OPERATIONS}."
    for operation in operations:
        measure = Measure(schema, fragments, {})
        root = schema.get_root_type(operation.operation)
        if measure.selections(operation.selection_set, root, 0).depth > DEEPEST:
            return TOO_DEEP
        if measure.aliases > MOST_ALIASES:
            return f"The operation has too many aliases: at most {MOST_ALIASES}."
    return _too_many_selections(document, fragments)


def cost_of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    given: Given,
) -> int:
    """Return what the operation costs, weighed by field; MOST_COST + 1 stands for all above."""
    measure = Measure(schema, fragments_of(document), given)
    root = schema.get_root_type(operation.operation)
    return measure.selections(operation.selection_set, root, 0).cost


def fragments_of(document: DocumentNode) -> Fragments:
    definitions = document.definitions
    return {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]


def _too_many_selections(document: DocumentNode, fragments: Fragments) -> str | None:
    selections = Selections(fragments)
    try:
        for each in [*operations_of(document), *fragments.values()]:
            selections.check(each.selection_set)
    except TooManySelections as found:
        if found.name:
            return f"The document selects `{found.name}` too often in one place: select it once."
        return "The document has too many selections: ask in several operations."
    return None
