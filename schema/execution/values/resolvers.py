"""Resolvers without Strawberry's machinery, for fields that need none of it.

Strawberry makes an Info object, converts arguments and chains extensions for each value of a field.
A field without extensions needs its function or its attribute alone, if its arguments are plain.
Everything that executes the schema uses these resolvers: graphql-core calls them, a plan knows
them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import iscoroutinefunction, signature
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_nullable_type,
    is_introspection_type,
    is_leaf_type,
)
from strawberry import Info
from strawberry.schema.name_converter import NameConverter
from strawberry.types.field import StrawberryField

from schema.base.fields import TOGETHER, Together
from schema.base.mutation.verb import Verb

DEFINITION = "strawberry-definition"
NAMES = NameConverter()


class KnownInfo(Info):
    """Strawberry's Info with the context as an attribute: each resolver reads it."""

    context: Any = None

    def __init__(self, raw: GraphQLResolveInfo[Any], field: StrawberryField) -> None:
        super().__init__(_raw_info=raw, _field=field)
        self.context = raw.context


@dataclass(frozen=True, slots=True)
class Attribute:
    """Reads the attribute of a source."""

    name: str

    def __call__(self, source: Any, _info: GraphQLResolveInfo[Any]) -> Any:
        return getattr(source, self.name)


@dataclass(frozen=True, slots=True)
class Function:
    """Calls a function with what it asks for: the source, Strawberry's Info, both or nothing."""

    field: StrawberryField
    function: Callable[..., Any]
    source: str | None
    info: str | None

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any]) -> Any:
        return self.call(source, self.info_of(info))

    def info_of(self, info: GraphQLResolveInfo[Any]) -> Info | None:
        return KnownInfo(info, self.field) if self.info else None

    @property
    def together(self) -> Together | None:
        return self.field.metadata.get(TOGETHER)

    @property
    def call(self) -> Callable[[Any, Info | None], Any]:
        """The function of a source and an Info; it is given what it asks for."""
        function, source, info = self.function, self.source, self.info
        if source and info:
            if list(signature(function).parameters) == [source, info]:
                return function
            return lambda root, about: function(**{source: root, info: about})
        if source:
            return lambda root, _: function(root)
        if info:
            return lambda _, about: function(about)
        return lambda _, __: function()


@dataclass(frozen=True, slots=True)
class Asking:
    """Calls a function with arguments too, whose values need no conversion: scalars, enums, lists.

    `names` are the function's, by the names of the API.
    """

    function: Function
    names: Mapping[str, str]

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        return self.call(source, self.function.info_of(info), **self.own(given))

    def own(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments by the names of the function."""
        return {self.names[name]: _own(value) for name, value in given.items()}

    def call(self, source: Any, info: Info | None, **asked: Any) -> Any:
        about = self.function
        if about.source:
            asked[about.source] = source
        if about.info:
            asked[about.info] = info
        return about.function(**asked)


@dataclass(frozen=True, slots=True)
class Acting:
    """Calls the function of a mutation, within what surrounds every mutation."""

    asking: Asking
    verb: Verb

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        about, asking = KnownInfo(info, self.asking.function.field), self.asking
        return self.verb.resolve_async(asking.call, source, about, **asking.own(given))


def _own(value: Any) -> Any:
    """A list of its own for each request: graphql-core gives all the same default."""
    return list(value) if isinstance(value, list) else value


def without_machinery(schema: GraphQLSchema) -> None:
    """Give the fields that need no more one of these resolvers."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not is_introspection_type(kind):
            for field in kind.fields.values():
                definition = cast(StrawberryField, field.extensions[DEFINITION])
                if not field.subscribe:
                    field.resolve = _resolver(definition, field) or field.resolve


def _resolver(definition: StrawberryField, field: GraphQLField) -> Any:
    """None where the field needs Strawberry's machinery."""
    lean = _lean(definition)
    if not (field.args or definition.extensions):
        return lean
    if not isinstance(lean, Function) or not all(map(_is_plain, field.args.values())):
        return None
    asking = Asking(lean, _names(definition, field))
    match definition.extensions:
        case []:
            return asking
        case [Verb() as verb] if iscoroutinefunction(lean.function):
            return Acting(asking, verb)
    return None


def _is_plain(argument: GraphQLArgument) -> bool:
    """Whether its values are scalars, enums or a list of them."""
    kind = get_nullable_type(argument.type)
    inner = get_nullable_type(kind.of_type) if isinstance(kind, GraphQLList) else kind
    return is_leaf_type(inner)


def _names(definition: StrawberryField, field: GraphQLField) -> dict[str, str]:
    names = {NAMES.from_argument(each): each.python_name for each in definition.arguments}
    assert names.keys() == field.args.keys()
    return names


def _lean(field: StrawberryField) -> Attribute | Function:
    resolver = field.base_resolver
    if resolver is None:
        return Attribute(field.python_name)
    function: Any = resolver.wrapped_func
    source = resolver.parent_parameter or resolver.root_parameter
    info = resolver.info_parameter
    return Function(
        field,
        function.__func__ if isinstance(function, staticmethod) else function,
        source.name if source else None,
        info.name if info else None,
    )
