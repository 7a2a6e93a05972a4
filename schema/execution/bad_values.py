"""What a scalar could not read, as the invalid input that it is: by its path in the arguments."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    ListValueNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    type_from_ast,
    validate_input_value,
    visit,
)
from strawberry.types.execution import ExecutionContext

from models.refusals import InvalidInput, Problem
from schema.base.scalars import BadValue

Written = list[tuple[ValueNode, str]]


class AllFound(Exception):
    pass


def locate(errors: list[GraphQLError], asked: ExecutionContext) -> list[GraphQLError]:
    wrong = [error for error in errors if _cause(error)]
    if not wrong:
        return errors
    places = Places(asked, wrong)
    return [_invalid(error, places) if _cause(error) else error for error in errors]


class Places:
    """Where the values go that are wrong."""

    def __init__(self, asked: ExecutionContext, wrong: list[GraphQLError]) -> None:
        assert asked.graphql_document is not None
        self._schema: GraphQLSchema = asked.schema._schema
        self._variables = asked.variables or {}
        self._paths = _paths(asked.graphql_document)
        self._told = Counter(_start(_node(error)) for error in wrong)
        self._inside: dict[int, Iterator[str]] = {}

    def of(self, error: GraphQLError) -> str:
        node, start = _node(error), _start(_node(error))
        if not isinstance(node, VariableDefinitionNode):
            return self._paths[start]
        if start not in self._inside:
            self._inside[start] = self._wrong_inside(node, self._told[start])
        return self._paths[start] + next(self._inside[start])

    def _wrong_inside(self, variable: VariableDefinitionNode, most: int) -> Iterator[str]:
        """The error does not say where in a variable: it is looked through anew, in the same order,
        up to the last that was told."""
        found: list[str] = []

        def note(error: GraphQLError, path: list[str | int]) -> None:
            if isinstance(error, BadValue):
                found.append("".join(f".{key}" for key in path))
                if len(found) == most:
                    raise AllFound

        kind: Any = type_from_ast(self._schema, variable.type)
        with contextlib.suppress(AllFound):
            validate_input_value(self._variables[variable.variable.name.value], kind, note)
        return iter(found)


def _cause(error: GraphQLError) -> BadValue | None:
    cause = error if isinstance(error, BadValue) else error.original_error
    return cause if isinstance(cause, BadValue) else None


def _invalid(error: GraphQLError, places: Places) -> GraphQLError:
    wrong = _cause(error)
    assert wrong
    refusal = InvalidInput((Problem(places.of(error), wrong.message),))
    return GraphQLError(error.message, error.nodes, original_error=refusal)


def _node(error: GraphQLError) -> Node:
    """The value in the document, or the variable."""
    assert error.nodes
    return error.nodes[0]


def _paths(document: DocumentNode) -> dict[int, str]:
    """Of each value and each variable, by where it begins: a parsed document may be another one
    than that whose problems are remembered."""
    definitions = document.definitions
    shared = [
        each
        for definition in definitions
        if isinstance(definition, FragmentDefinitionNode)
        for each in _written(definition)
    ]
    paths, used_there = _by_start(shared), _uses(shared)
    for operation in definitions:
        if isinstance(operation, OperationDefinitionNode):
            own = _written(operation)
            paths |= _by_start(own)
            used = used_there | _uses(own)
            for variable in operation.variable_definitions or ():
                path = used.get(variable.variable.name.value, "")
                paths[_start(variable)] = path
                if variable.default_value:
                    paths |= _by_start(_within(variable.default_value, path))
    return paths


class Arguments(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.written: Written = []

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        self.written += _within(node.value, node.name.value)


def _written(definition: Node) -> Written:
    arguments = Arguments()
    visit(definition, arguments)
    return arguments.written


def _within(value: ValueNode, path: str) -> Written:
    """The value, and all those in it."""
    found = [(value, path)]
    for each, at in found:
        if isinstance(each, ObjectValueNode):
            found += [(field.value, f"{at}.{field.name.value}") for field in each.fields]
        elif isinstance(each, ListValueNode):
            found += [(item, f"{at}.{index}") for index, item in enumerate(each.values)]
    return found


def _by_start(written: Written) -> dict[int, str]:
    return {_start(value): path for value, path in written}


def _uses(written: Written) -> dict[str, str]:
    """Where each variable is used first."""
    return {
        value.name.value: path
        for value, path in reversed(written)
        if isinstance(value, VariableNode)
    }


def _start(node: Node) -> int:
    assert node.loc
    return node.loc.start
