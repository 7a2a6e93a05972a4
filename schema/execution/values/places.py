"""Where a value goes in an answer."""

from typing import Any, TypeAlias

from graphql.pyutils import Path

# The place of what it is in, its container, its key, whether it may be null.
Place: TypeAlias = tuple["Place | None", Any, str | int, bool]


def path_of(place: Place) -> Path:
    parent, _, key, _ = place
    return Path(path_of(parent) if parent else None, key, None)
