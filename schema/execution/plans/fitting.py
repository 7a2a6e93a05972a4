"""Which operations a plan fits."""

from collections.abc import Iterator
from typing import Any

from graphql import DirectiveNode, FieldNode, Node, VariableNode
from graphql.execution.executor import Executor


def fits(executor: Executor[Any]) -> bool:
    """Whether the same fields are selected whatever the variables; introspection is left out."""
    if executor.operation.directives:
        return False
    definitions = (executor.operation, *executor.fragment_definitions.values())
    return not any(_varies(node) for definition in definitions for node in _nodes(definition))


def _varies(node: Node) -> bool:
    if isinstance(node, DirectiveNode):
        return any(isinstance(each.value, VariableNode) for each in node.arguments or ())
    return isinstance(node, FieldNode) and node.name.value in ("__schema", "__type")


def _nodes(node: Node) -> Iterator[Node]:
    """The node's selections and their directives, at any depth."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        selections = getattr(node, "selection_set", None)
        waiting += selections.selections if selections else ()
        waiting += getattr(node, "directives", None) or ()
