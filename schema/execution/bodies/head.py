"""The headers of a request, read once."""

from starlette.types import Scope

HEAD = "seapool.head"


def head_of(scope: Scope) -> dict[str, str]:
    """Return the headers by their names in lower case; of several with one name, the first."""
    found: dict[str, str] | None = scope.get(HEAD)
    if found is None:
        found = scope[HEAD] = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in reversed(scope["headers"])
        }
    return found
