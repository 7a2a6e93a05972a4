"""Map exceptions to GraphQL errors; log unexpected ones with a request id."""

import math
from collections.abc import Mapping
from typing import get_args

import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from models import database
from models.ledger.feed import Resync
from models.refusals import InvalidInput, Refusal, TooManyLookups
from models.texts.text import PLAIN, Reader, Text, render
from schema.base.scalars import write_instant

RESYNC = Text("This cursor has expired or is from another database: reload, then subscribe again.")
SLOW_READER = Text("Too far behind: subscribe again with the last cursor as `after`.")
TOO_MANY_SUBSCRIPTIONS = "At most {most} subscriptions of a member may be open: end another first."
OVER_BUDGET = "You or your organization ask for too much at once. Try again in {seconds} s."
UNAVAILABLE = "Seapool is busy or can't reach its database. Try again in {seconds} s."
UNAUTHENTICATED = Text("Show a valid token of an active member: Authorization: Bearer …")

# Strawberry raises these for a missing operation, or one not allowed on this transport.
MisplacedOperation = MissingQueryError | CannotGetOperationTypeError | InvalidOperationTypeError

MOST_ERRORS = 200
MOST_LOGGED = 10

log = structlog.get_logger()


class SlowReader(Exception):
    """A subscriber read too slowly."""


class OverBudget(Exception):
    """The operation would exceed a budget. It may come again after `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class TooManySubscriptions(Exception):
    """The member has as many open subscriptions as one may have."""

    def __init__(self, most: int) -> None:
        self.text = Text(TOO_MANY_SUBSCRIPTIONS, most=most)


def to_graphql_errors(
    errors: list[GraphQLError], operation: str | None, reader: Reader = PLAIN
) -> list[GraphQLError]:
    """Return as many as a person may read; a fault that meets many fields is logged once."""
    shown = errors[:MOST_ERRORS]
    faults = {id(cause): cause for cause in map(_cause, shown) if _is_fault(cause)}
    for cause in list(faults.values())[:MOST_LOGGED]:
        path = next(each.path for each in shown if _cause(each) is cause)
        _log(cause, operation, path)
    told = [_to_graphql_error(each, reader) for each in shown]
    if len(errors) > MOST_ERRORS:
        more = Text("{count:,} more errors are left out.", count=len(errors) - MOST_ERRORS)
        told.append(GraphQLError(render(more, reader), extensions={"code": "MORE_ERRORS"}))
    return told


def _to_graphql_error(error: GraphQLError, reader: Reader) -> GraphQLError:
    cause = _cause(error)
    if isinstance(cause, Refusal):
        return _rewritten(error, cause.said_to(reader), _refusal(cause, reader))
    if isinstance(cause, OverBudget):
        return over_budget(cause, error, reader)
    if isinstance(cause, Resync):
        return _rewritten(error, render(RESYNC, reader), {"code": "RESYNC"})
    if isinstance(cause, SlowReader):
        return _rewritten(error, render(SLOW_READER, reader), {"code": "SLOW_READER"})
    if isinstance(cause, TooManySubscriptions):
        return _rewritten(error, render(cause.text, reader), {"code": "TOO_MANY_SUBSCRIPTIONS"})
    if isinstance(cause, GraphQLError | MisplacedOperation):
        return _rewritten(error, error.message, {"code": "BAD_REQUEST"} | (error.extensions or {}))
    return _told(cause, error, reader)


def internal_error(
    cause: BaseException, operation: str | None = None, reader: Reader = PLAIN
) -> GraphQLError:
    """Log an unexpected exception; return an error that names only the request id.

    A fault that passes is UNAVAILABLE, with the seconds after which to try again.
    """
    _log(cause, operation, None)
    return _told(cause, None, reader)


def _is_fault(cause: BaseException) -> bool:
    """Whether it is neither an answer nor the client's mistake."""
    answers = (Refusal, OverBudget, Resync, SlowReader, TooManySubscriptions)
    return not isinstance(cause, (*answers, GraphQLError, *get_args(MisplacedOperation)))


def _log(cause: BaseException, operation: str | None, path: list[str | int] | None) -> None:
    if database.retry_after(cause) is None:
        log.error("unexpected fault", operation=operation, path=path, exc_info=cause)
    else:
        log.warning("PostgreSQL is busy or away", operation=operation, path=path, fault=repr(cause))


def _told(cause: BaseException, error: GraphQLError | None, reader: Reader) -> GraphQLError:
    if (seconds := database.retry_after(cause)) is not None:
        message = Text(UNAVAILABLE, seconds=seconds)
        return _rewritten(
            error, render(message, reader), {"code": "UNAVAILABLE", "retryAfter": seconds}
        )
    id = request_id()
    message = Text("Something went wrong on our side. Quote the request id {id}.", id=id)
    return _rewritten(error, render(message, reader), {"code": "INTERNAL", "requestId": id})


def over_budget(
    cause: OverBudget, error: GraphQLError | None = None, reader: Reader = PLAIN
) -> GraphQLError:
    seconds = math.ceil(cause.retry_after)
    message = render(Text(OVER_BUDGET, seconds=seconds), reader)
    return _rewritten(error, message, {"code": "OVER_BUDGET", "retryAfter": seconds})


def unauthenticated(reader: Reader = PLAIN) -> GraphQLError:
    return GraphQLError(render(UNAUTHENTICATED, reader), extensions={"code": "UNAUTHENTICATED"})


def request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", "unknown"))


def _cause(error: GraphQLError) -> BaseException:
    cause: BaseException = error
    while isinstance(cause, GraphQLError) and cause.original_error:
        cause = cause.original_error
    return cause


def _refusal(refusal: Refusal, reader: Reader) -> dict[str, object]:
    if isinstance(refusal, TooManyLookups):
        return {"code": "TOO_MANY_LOOKUPS", "resetsAt": write_instant(refusal.resets_at)}
    extensions: dict[str, object] = {"code": type(refusal).__name__}
    if isinstance(refusal, InvalidInput):
        extensions["problems"] = [
            {"path": each.path, "message": render(each.message, reader)}
            for each in refusal.problems
        ]
    return extensions


def _rewritten(
    error: GraphQLError | None, message: str, extensions: Mapping[str, object]
) -> GraphQLError:
    """Return the error with another message and extensions, at the same place."""
    if error is None:
        return GraphQLError(message, extensions=dict(extensions))
    return GraphQLError(
        message, error.nodes, error.source, error.positions, error.path, extensions=dict(extensions)
    )
