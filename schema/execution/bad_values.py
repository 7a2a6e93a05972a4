"""Turn a value that its scalar could not read into InvalidInput with the path of the argument."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    ListValueNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
)

from models.refusals import InvalidInput
from schema.base.scalars import BadValue

KEY = re.compile(r"[.\[](\w+)")
Located = tuple[Node, str]


def locate(errors: list[GraphQLError], document: DocumentNode | None) -> list[GraphQLError]:
    """Return the errors, each BadValue among them as InvalidInput at its path."""
    if document is None or not any(map(_bad_value, errors)):
        return errors
    return list(map(partial(_located, paths=_paths(document)), errors))


def _located(error: GraphQLError, paths: dict[int, str]) -> GraphQLError:
    wrong = _bad_value(error)
    if wrong is None:
        return error
    assert error.nodes
    path = paths[_offset(error.nodes[0])]
    if isinstance(error.nodes[0], VariableDefinitionNode):
        path += _path_inside(error.nodes[0], error.message, wrong)
    refusal = InvalidInput.at(path, wrong.message)
    return GraphQLError(error.message, error.nodes, original_error=refusal)


def _bad_value(error: GraphQLError) -> BadValue | None:
    cause = error if isinstance(error, BadValue) else error.original_error
    return cause if isinstance(cause, BadValue) else None


def _path_inside(variable: VariableDefinitionNode, message: str, wrong: BadValue) -> str:
    """Return the path inside a variable, which graphql-core only puts into its message."""
    name = variable.variable.name.value
    place = message.removeprefix(f"Variable '${name}' has invalid value")
    return "".join(f".{key}" for key in KEY.findall(place.removesuffix(f": {wrong.message}")))


def _paths(document: DocumentNode) -> dict[int, str]:
    """Return the path of each value and each variable's definition, by its offset in the text.

    By offset, because a remembered error may belong to another parse of the same text.
    """
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    others = [d for d in document.definitions if not isinstance(d, OperationDefinitionNode)]
    shared = [located for definition in others for located in _within(definition)]
    shared_uses, paths = _uses(shared), _by_offset(shared)
    for operation in operations:
        own = list(_within(operation))
        uses = shared_uses | _uses(own)
        paths |= _by_offset(own)
        for variable in operation.variable_definitions or ():
            path = uses.get(variable.variable.name.value, "")
            paths[_offset(variable)] = path
            if variable.default_value:
                paths |= _by_offset(_within(variable.default_value, path))
    return paths


def _within(node: Node, path: str = "") -> Iterator[Located]:
    """Yield the node and all nodes in it, in the order of the text, each with its path."""
    waiting = [(node, path)]
    while waiting:
        node, path = waiting.pop()
        yield node, path
        waiting += reversed(_children(node, path))


def _children(node: Node, path: str) -> list[Located]:
    match node:
        case ArgumentNode():
            return [(node.value, node.name.value)]
        case ObjectFieldNode():
            return [(node.value, f"{path}.{node.name.value}")]
        case ListValueNode():
            return [(value, f"{path}.{index}") for index, value in enumerate(node.values)]
        case VariableDefinitionNode():
            return []  # Its path is where the operation uses it.
    children = chain.from_iterable(_nodes(getattr(node, key)) for key in node.keys)
    return [(child, path) for child in children]


def _nodes(value: object) -> Sequence[Node]:
    if isinstance(value, Node):
        return [value]
    return value if isinstance(value, tuple) else []


def _by_offset(located: Iterable[Located]) -> dict[int, str]:
    return {_offset(node): path for node, path in located if isinstance(node, ValueNode)}


def _uses(located: list[Located]) -> dict[str, str]:
    """Return the path of each variable's first use."""
    uses = [(node.name.value, path) for node, path in located if isinstance(node, VariableNode)]
    return dict(reversed(uses))


def _offset(node: Node) -> int:
    assert node.loc
    return node.loc.start
