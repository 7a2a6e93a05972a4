"""What is told of whatever could not be answered: refusals plainly, faults by a request id."""

from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from models.feed import Resync
from models.refusals import InvalidInput, Refusal

# What Strawberry says of an operation that is not there or not allowed where it was sent.
MisplacedOperation = MissingQueryError | CannotGetOperationTypeError | InvalidOperationTypeError

log = structlog.get_logger()


class SlowReader(Exception):
    """A subscriber that fell too far behind."""


def told(errors: list[GraphQLError], operation: str | None) -> list[GraphQLError]:
    return [_told(error, operation) for error in errors]


def _told(error: GraphQLError, operation: str | None) -> GraphQLError:
    cause = _cause(error)
    if isinstance(cause, Refusal):
        return _again(error, cause.message, _refusal(cause))
    if isinstance(cause, Resync):
        message = "This cursor leads nowhere here: read anew, then follow from there."
        return _again(error, message, {"code": "RESYNC"})
    if isinstance(cause, SlowReader):
        message = "Too far behind: subscribe again with the last cursor as `after`."
        return _again(error, message, {"code": "SLOW_READER"})
    if isinstance(cause, GraphQLError | MisplacedOperation):
        return error
    return masked(cause, operation, error)


def masked(
    cause: BaseException, operation: str | None = None, error: GraphQLError | None = None
) -> GraphQLError:
    """Log it with its traceback; what the client hears is where to find that."""
    id = request_id()
    path = error.path if error else None
    log.error("unexpected fault", operation=operation, path=path, exc_info=cause)
    message = f"Something went wrong on our side. Quote the request id {id}."
    return _again(error, message, {"code": "INTERNAL", "requestId": id})


def unauthenticated() -> GraphQLError:
    message = "Show a valid token of an active member: Authorization: Bearer …"
    return GraphQLError(message, extensions={"code": "UNAUTHENTICATED"})


def request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", "unknown"))


def _cause(error: GraphQLError) -> BaseException:
    cause: BaseException = error
    while isinstance(cause, GraphQLError) and cause.original_error:
        cause = cause.original_error
    return cause


def _refusal(refusal: Refusal) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": type(refusal).__name__}
    if isinstance(refusal, InvalidInput):
        extensions["problems"] = [
            {"path": each.path, "message": each.message} for each in refusal.problems
        ]
    return extensions


def _again(error: GraphQLError | None, message: str, extensions: dict[str, Any]) -> GraphQLError:
    nodes, path = (error.nodes, error.path) if error else (None, None)
    return GraphQLError(message, nodes=nodes, path=path, extensions=extensions)
