"""How the values of scalars and enums are written, as graphql-core would."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType, Undefined
from graphql.pyutils import inspect

Write = Callable[[Any], Any]
# Values of these types are written as they are.
AS_IT_IS: dict[str, type] = {"String": str, "ID": str, "Boolean": bool, "Cursor": str}
# What writes these returns a text, or raises: see schema/base/scalars.py.
TEXTS = ("DateTime", "Date", "Duration", "Decimal")
SMALLEST, LARGEST = -(2**31), 2**31 - 1


def writer(kind: GraphQLLeafType) -> Write:
    """Return what writes a value of this type; it raises where the value is none."""
    write = kind.coerce_output_value

    def checked(value: Any) -> Any:
        written = write(value)
        if written is None or written is Undefined:
            raise TypeError(
                f"Expected `{inspect(kind)}.coerce_output_value({inspect(value)})`"
                f" to return non-nullable value, returned: {inspect(written)}"
            )
        return written

    if kind.name in TEXTS:
        return write
    if kind.name == "Int":
        return lambda value: (
            value if type(value) is int and SMALLEST <= value <= LARGEST else checked(value)
        )
    if plain := AS_IT_IS.get(kind.name):
        return lambda value: value if type(value) is plain else checked(value)
    return checked


class Written(dict[Any, Any]):
    """An enum has few values, by which graphql-core searches for their names."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def __missing__(self, value: Any) -> Any:
        return self.setdefault(value, self._write(value))


def quick_writer(kind: GraphQLLeafType) -> Write:
    """Return what writes a value that has a hash."""
    write = writer(kind)
    return Written(write).__getitem__ if isinstance(kind, GraphQLEnumType) else write
