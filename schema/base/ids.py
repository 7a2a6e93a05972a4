"""Global ids: the type's name and the row's UUID."""

import re
from uuid import UUID

import strawberry

SHAPE = re.compile(r"([A-Z][A-Za-z]+)_([0-9a-f]{32})")
# No row has it: what is no id at all is looked for like any other, and answered like any other.
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
