"""Documents drawn over the schema's types: what a client may select, in every form."""

from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from hypothesis import strategies as st

from schema.execution.schema import schema

DEPTH = 4
# The clock goes on between two executions of a document.
CLOCK = {("Claimable", "releaseAt")}
DIRECTIVES = ["", "", "", " @include(if: true)", " @skip(if: false)", " @skip(if: true)"]
ROOTS = ["viewer", "pools", "members", "organization", "customer", "pool", "node"]


class Drawn:
    """Draws one document; its fragments are named as they come."""

    def __init__(self, draw: Any, ids: dict[str, str]) -> None:
        self.draw = draw
        self.ids = ids
        self.fragments: list[str] = []
        self.left = 60

    def document(self) -> str:
        query = schema._schema.query_type
        assert query is not None
        names = self.draw(st.lists(st.sampled_from(ROOTS), min_size=1, max_size=3))
        fields = " ".join(self.field(query, name, DEPTH) for name in names)
        return " ".join([f"{{ {fields} }}", *self.fragments])

    def selection(self, kind: GraphQLNamedType, depth: int) -> str:
        if is_abstract_type(kind):
            return f"__typename {self.of_types(kind, depth)}"
        assert isinstance(kind, GraphQLObjectType)
        names = [
            name
            for name, field in kind.fields.items()
            if (kind.name, name) not in CLOCK and (depth or is_leaf_type(named(field)))
        ]
        some = st.lists(st.sampled_from([*names, "__typename"]), min_size=1, max_size=4)
        fields = [self.field(kind, name, depth) for name in self.draw(some)]
        return " ".join(["__typename", *(self.wrapped(kind, field) for field in fields)])

    def of_types(self, kind: Any, depth: int) -> str:
        types = schema._schema.get_possible_types(kind)
        some = self.draw(st.lists(st.sampled_from(types), min_size=1, max_size=3))
        return " ".join(f"... on {each.name} {{ {self.selection(each, depth)} }}" for each in some)

    def field(self, kind: GraphQLObjectType, name: str, depth: int) -> str:
        if name == "__typename":
            return name
        self.left -= 1
        field = kind.fields[name]
        inner = named(field)
        given = self.arguments(kind, name, field)
        # The same name and arguments have the same alias: such fields are merged.
        alias = f"x{abs(hash_of(given))}_{name}: " if given or self.draw(st.booleans()) else ""
        alias = f"{kind.name}_{alias}" if alias else ""
        text = f"{alias}{name}{given}{self.draw(st.sampled_from(DIRECTIVES))}"
        if is_leaf_type(inner):
            return text
        below = depth - 1 if self.left > 0 and depth else 0
        return f"{text} {{ {self.selection(inner, below)} }}"

    def arguments(self, kind: GraphQLObjectType, name: str, field: GraphQLField) -> str:
        given = {}
        if "first" in field.args:
            given["first"] = str(self.draw(st.integers(1, 3)))
        if "id" in field.args:
            any_id = st.sampled_from(sorted(self.ids.values()))
            known = self.ids.get(name.title()) or self.draw(any_id)
            given["id"] = f'"{known}"'
        if "year" in field.args:
            given["year"] = "2026"
        return f"({', '.join(f'{key}: {value}' for key, value in given.items())})" if given else ""

    def wrapped(self, kind: GraphQLObjectType, field: str) -> str:
        """As it is, in an inline fragment or in a named one."""
        how = self.draw(st.sampled_from(["plain", "plain", "inline", "bare", "named"]))
        if how == "inline":
            return f"... on {kind.name} {{ {field} }}"
        if how == "bare":
            return f"...{self.draw(st.sampled_from(DIRECTIVES))} {{ {field} }}"
        if how == "named":
            name = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {kind.name} {{ {field} }}")
            return f"...{name}"
        return field


def named(field: GraphQLField) -> Any:
    return get_named_type(field.type)


def hash_of(text: str) -> int:
    """The same in each process."""
    return int.from_bytes(text.encode(), "big") % 10**9
