"""Whether an answer is one of the schema: what a client that knows only the schema can check."""

from typing import Any

import graphql
from graphql.language import FieldNode, NameNode, SelectionSetNode, Visitor, visit

OUR_FAULT = {"INTERNAL", "UNAVAILABLE", None}


def with_typenames(text: str) -> graphql.DocumentNode:
    """The document, asking for the type of each object: an answer is checked by it."""
    document: graphql.DocumentNode = visit(graphql.parse(text), Typenames())
    return document


def answered_well(
    types: graphql.GraphQLSchema, document: graphql.DocumentNode, said: dict[str, Any]
) -> bool:
    """Whether it has data alone. Fails where the server is at fault, or the answer is not valid."""
    words = f"{graphql.print_ast(document)}\n{said}"
    assert "Traceback" not in words, words
    codes = {error.get("extensions", {}).get("code") for error in said.get("errors", [])}
    assert not codes & OUR_FAULT, words
    if codes:
        return False
    again = graphql.execute_sync(
        types,
        document,
        said["data"],
        field_resolver=lambda parent, info, **given: parent[info.path.key],
        type_resolver=lambda value, info, kind: value["__typename"],
    )
    assert (again.errors, again.data) == (None, said["data"]), words
    return True


class Typenames(Visitor):
    def leave_selection_set(self, node: SelectionSetNode, *rest: Any) -> SelectionSetNode:
        root = isinstance(rest[1], graphql.OperationDefinitionNode)
        # A subscription has one field.
        if root and rest[1].operation is graphql.OperationType.SUBSCRIPTION:
            return node
        name = FieldNode(name=NameNode(value="__typename"))
        return SelectionSetNode(selections=(*node.selections, name))
