"""Global ids: the name of the type and the UUID of the row."""

import re
from uuid import UUID

import strawberry

SHAPE = re.compile(r"([A-Z][A-Za-z]+)_([0-9a-f]{32})")
# No row has this id. A malformed id is looked up like any other, so it gets the same answer.
NOTHING = UUID(int=0)


def encode(type_name: str, id: UUID) -> strawberry.ID:
    return strawberry.ID(f"{type_name}_{id.hex}")


def decode(value: str, type_name: str) -> UUID:
    found = parts(value)
    return found[1] if found and found[0] == type_name else NOTHING


def decode_given(value: str | None, type_name: str) -> UUID | None:
    return None if value is None else decode(value, type_name)


def parts(value: str) -> tuple[str, UUID] | None:
    match = SHAPE.fullmatch(value)
    return (match[1], UUID(match[2])) if match else None
