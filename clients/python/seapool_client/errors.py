"""What a request can fail with. A refusal is no failure: it is a member of a result's union."""

from collections.abc import Mapping, Sequence
from typing import Any


class SeapoolError(Exception):
    """`code` is stable and for the program; the message is in words, in the client's language.

    `extensions` are those of the first error, `data` what the answer has beside it.
    """

    def __init__(
        self, code: str, message: str, extensions: Mapping[str, Any] | None = None, data: Any = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.extensions = dict(extensions or {})
        self.data = data

    @property
    def retry_after(self) -> float:
        """Seconds after which to try again; 0 where the API does not say."""
        return float(self.extensions.get("retryAfter") or 0)


class ConnectionLost(SeapoolError):
    """The request or its answer was lost: it may have been done."""


class Unauthenticated(SeapoolError):
    """The token is missing, expired or of a member who has left."""


class OverBudget(SeapoolError):
    """The member or the organization asks for too much at once. Nothing was done."""


class Unavailable(SeapoolError):
    """The API is busy, or a machine behind it is away. It may have been done."""


class BadRequest(SeapoolError):
    """The operation is not one of this API: a bug, or a client of another version."""


class InternalError(SeapoolError):
    """A fault of the service; `extensions["requestId"]` names it to the people who run it."""


class BadCursor(SeapoolError):
    """The cursor has expired or is from another database."""


class SlowReader(SeapoolError):
    """The subscription was read too slowly."""


class TooManySubscriptions(SeapoolError):
    """The member has as many open subscriptions as one may have."""


class TooManyLookups(SeapoolError):
    """`extensions["resetsAt"]` says when there may be another look-up."""


class InvalidValue(SeapoolError):
    """A value that no type of the API accepts; `extensions["problems"]` names the fields."""


CLASSES: dict[str, type[SeapoolError]] = {
    "UNAUTHENTICATED": Unauthenticated,
    "OVER_BUDGET": OverBudget,
    "UNAVAILABLE": Unavailable,
    "BAD_REQUEST": BadRequest,
    "INTERNAL": InternalError,
    "RESYNC": BadCursor,
    "SLOW_READER": SlowReader,
    "TOO_MANY_SUBSCRIPTIONS": TooManySubscriptions,
    "TOO_MANY_LOOKUPS": TooManyLookups,
    "InvalidInput": InvalidValue,
}
STATUSES = {401: "UNAUTHENTICATED", 429: "OVER_BUDGET"}
PASSING = (408, 502, 503, 504)


def lost() -> ConnectionLost:
    return ConnectionLost("CONNECTION_LOST", "The connection was lost.")


def error_of(errors: Sequence[Any], data: Any = None) -> SeapoolError:
    """The first of an answer's errors, by its code."""
    first = errors[0]
    extensions = first.get("extensions") or {}
    code = extensions.get("code", "BAD_REQUEST")
    return CLASSES.get(code, SeapoolError)(code, first["message"], extensions, data)


def error_of_status(status: int, retry_after: float = 0) -> SeapoolError:
    """The error of an answer whose body is not GraphQL's, as a proxy sends it."""
    code = STATUSES.get(status) or ("UNAVAILABLE" if status in PASSING else "BAD_REQUEST")
    extensions = {"code": code, "retryAfter": retry_after}
    return error_of([{"message": f"HTTP status {status}", "extensions": extensions}])
