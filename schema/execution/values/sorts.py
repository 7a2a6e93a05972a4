"""How a value is completed is decided by its class, once for each."""

from graphql.pyutils import UndefinedType
from tortoise.models import Model

VALUE, AWAITABLE, FAULT, NOTHING, UNHASHED = range(5)


class Sorts(dict[type, int]):
    """Whether values of a class are completed as they are, awaited, raised or left out.

    UNHASHED are completed as they are, too, but not looked up.
    """

    def __missing__(self, kind: type) -> int:
        self[kind] = VALUE
        if issubclass(kind, Exception):
            self[kind] = FAULT
        elif kind is UndefinedType:
            self[kind] = NOTHING
        elif hasattr(kind, "__await__") and not issubclass(kind, Model):
            # A row of Tortoise can be awaited, for itself.
            self[kind] = AWAITABLE
        elif kind.__hash__ is None:
            self[kind] = UNHASHED
        return self[kind]


sorts = Sorts()


def is_ready(value: object) -> bool:
    """Whether the value is completed as it is."""
    return value is not None and sorts[type(value)] in (VALUE, UNHASHED)
