"""Give the schema the descriptions of this package's tables, when the process starts.

What is short stays beside its code, by `description=`. What many places share, and plain fields,
have their words in tables: by the place that they are at, e.g. `Mutation.claimCustomer.customerId`.
"""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
)

from schema.descriptions import (
    customers,
    enums,
    messages,
    operations,
    organizations,
    pools,
    refusals,
    shared,
    sheets,
)

TABLES = (customers, enums, messages, operations, organizations, pools, refusals, sheets)
WORDS = {place: words for table in TABLES for place, words in table.WORDS.items()}


def describe(schema: GraphQLSchema) -> None:
    """Describe each part without a description: by its place, by its name, or as its twin."""
    parts = dict(_parts(schema))
    for place, part in parts.items():
        part.description = (
            part.description or WORDS.get(place) or shared.WORDS.get(place.rpartition(".")[2])
        )
    for place, part in parts.items():
        twin = parts.get(place.replace("Input.", "."))
        if not part.description and twin:
            part.description = twin.description


def _parts(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    """Yield every type, enum value, field, argument and input with its place."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind):
            continue
        yield name, kind
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{each}", value) for each, value in kind.values.items())
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{each}", given) for each, given in kind.fields.items())
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for each, field in kind.fields.items():
                yield f"{name}.{each}", field
                yield from ((f"{name}.{each}.{arg}", of) for arg, of in field.args.items())
