"""The arguments of connections, by the specification of Relay's cursor connections."""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar, cast

from graphql import ArgumentNode, VariableNode

from models.paging import USUAL, Window
from models.refusals import InvalidInput
from models.texts.text import Text
from schema.base.context import Info
from schema.base.fields import field
from schema.base.scalars import Cursor

Resolver = TypeVar("Resolver")
ARGUMENTS = [
    Parameter("first", Parameter.KEYWORD_ONLY, default=USUAL, annotation=int),
    Parameter("after", Parameter.KEYWORD_ONLY, default=None, annotation=Cursor | None),
    Parameter("last", Parameter.KEYWORD_ONLY, default=None, annotation=int | None),
    Parameter("before", Parameter.KEYWORD_ONLY, default=None, annotation=Cursor | None),
]


def connection(
    graphql_type: object, description: str | None = None
) -> Callable[[Resolver], Resolver]:
    """A field whose clients give `first` and `after`, or `last` and `before`.

    The resolver gets them as `window`, its only argument without a default.
    """

    def decorate(resolver: Resolver) -> Resolver:
        function: Any = resolver.__func__ if isinstance(resolver, staticmethod) else resolver

        @wraps(function)
        def resolve(
            *,
            info: Info,
            first: int = USUAL,
            after: Cursor | None = None,
            last: int | None = None,
            before: Cursor | None = None,
            **others: Any,
        ) -> Any:
            window = Window(first, after)
            if last is not None or before is not None:
                window = _backward(last, before, {"first", "after"} & _given(info))
            return function(info=info, window=window, **others)

        resolve.__signature__ = _with_arguments(signature(function))  # type: ignore[attr-defined]
        return cast(Resolver, field(graphql_type, description)(staticmethod(resolve)))

    return decorate


def _with_arguments(given: Signature) -> Signature:
    """The signature with the arguments of a connection in place of `window`."""
    parameters: list[Parameter] = []
    for each in given.parameters.values():
        parameters += ARGUMENTS if each.name == "window" else [_by_name(each)]
    return given.replace(parameters=parameters)


def _by_name(parameter: Parameter) -> Parameter:
    return parameter.replace(kind=Parameter.KEYWORD_ONLY)


def _backward(last: int | None, before: str | None, forward: set[str]) -> Window:
    """Raises InvalidInput where both ends are asked for, or no number of rows."""
    if last is None:
        raise InvalidInput.at("before", Text("needs `last`: how many before it"))
    for name in sorted(forward):
        raise InvalidInput.at(name, Text("cannot be given together with `last`"))
    return Window(last, before, backward=True)


def _given(info: Info) -> set[str]:
    """The arguments that the operation gives to the field, without its defaults."""
    variables = info.variable_values

    def has_value(argument: ArgumentNode) -> bool:
        value = argument.value
        return not isinstance(value, VariableNode) or variables.get(value.name.value) is not None

    (node, *_) = info._raw_info.field_nodes
    return {each.name.value for each in node.arguments or () if has_value(each)}
