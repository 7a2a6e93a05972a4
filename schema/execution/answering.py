"""Answers an operation that came by POST.

Under JSON the status says nothing of the answer's errors: so clients know it. Under GRAPHQL it is
400 or 500 where nothing was executed, and the answer then has no `data`.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson
from graphql import ExecutionResult, GraphQLError
from starlette.requests import Request
from starlette.responses import Response

from models.texts.text import Reader, render
from schema.base import errors
from schema.base.context import Context
from schema.base.errors import OverBudget
from schema.connections.http_protocol import GONE
from schema.execution.bodies.answer import AnswerResponse
from schema.execution.bodies.answer_type import (
    EVENTS,
    GRAPHQL,
    JSON,
    accepts_events,
    answer_type,
)
from schema.execution.bodies.envelope import NO_JSON_TYPE, Operation
from schema.execution.bodies.head import head_of
from schema.execution.bodies.operations import operation_of
from schema.execution.bodies.reading import Bodies
from schema.execution.bodies.refused import Malformed, Refused
from schema.execution.operating import is_subscription, operate
from schema.execution.schema import schema
from schema.fairness.shares import shares
from schema.fanout.events import COMPLETE, next_event

# The statuses of answers that refuse the whole operation, not one of its fields.
WHOLE = {"OVER_BUDGET": 429, "UNAVAILABLE": 503}
BYTES = 32
Subscribe: TypeAlias = Callable[[Operation], Response]


async def answer(
    request: Request, context: Context, bodies: Bodies, subscribe: Subscribe
) -> Response:
    """Raises Refused where the request has no operation to execute.

    `subscribe` answers a subscription, where the client accepts events.
    """
    head = head_of(request.scope)
    accepted = head.get("accept")
    if "application/json" not in head.get("content-type", ""):
        raise Malformed(NO_JSON_TYPE)
    request.scope[GONE] = context.deadline.client_left
    async with await bodies.reading(request, context.viewer.organization.id) as body:
        try:
            operation = await operation_of(body)
            if accepts_events(accepted) and await is_subscription(schema._schema, operation):
                return subscribe(operation)
            result = await operate(schema._schema, operation, context)
        except Refused:
            # Bytes of JSON are quicker to read than characters of a document.
            shares.fine(context.spenders, len(body) // BYTES, context.settings)
            raise
    headers = shares.told(context.spenders, context.settings)
    status, formatted = 200, dict[str, Any](result.formatted)
    kind = answer_type(accepted)
    if kind == EVENTS:
        events = next_event(orjson.dumps(formatted)) + COMPLETE
        return Response(events, 200, headers, media_type=EVENTS)
    if kind == GRAPHQL and _is_refused(result):
        del formatted["data"]
        status = 500 if any(_code(each) == "INTERNAL" for each in result.errors or ()) else 400
    if later := _later(result):
        status, headers["Retry-After"] = later
        # Its window is longer: until all of the budget is back, not what the operation needs.
        del headers["RateLimit"]
    return AnswerResponse(orjson.dumps(formatted), status, headers)


def with_type(response: Response, accepted: str | None) -> Response:
    """Return the response, named as what the client accepts; its text is JSON in either case."""
    if response.media_type == JSON and answer_type(accepted) == GRAPHQL:
        response.headers["content-type"] = f"{GRAPHQL}; charset=utf-8"
    return response


def _is_refused(result: ExecutionResult) -> bool:
    """Whether nothing was executed; an error of an executed field has its path."""
    return result.data is None and all(error.path is None for error in result.errors or ())


def _code(error: GraphQLError) -> Any:
    return (error.extensions or {}).get("code")


def _later(result: ExecutionResult) -> tuple[int, str] | None:
    """Return the status and the seconds to wait, where the operation may come again as a whole."""
    for error in result.errors or ():
        status = WHOLE.get(_code(error) or "")
        if status and error.path is None:
            return status, str((error.extensions or {})["retryAfter"])
    return None


def fault_response(fault: Exception, reader: Reader) -> Response:
    if isinstance(fault, OverBudget):
        error = errors.over_budget(fault, reader=reader)
        return error_response(
            429, error, {"Retry-After": str((error.extensions or {})["retryAfter"])}
        )
    error = errors.internal_error(fault, reader=reader)
    seconds = (error.extensions or {}).get("retryAfter")
    if seconds is None:
        return error_response(500, error)
    return error_response(503, error, {"Retry-After": str(seconds)})


def refusal_response(refused: Refused, reader: Reader) -> Response:
    headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after else None
    error = bad_request(render(refused.message, reader), refused.code)
    return error_response(refused.status, error, headers)


def only_post() -> Response:
    return error_response(405, bad_request("Send GraphQL by POST."), {"Allow": "POST"})


def stranger_response(reader: Reader) -> Response:
    return error_response(401, errors.unauthenticated(reader), {"WWW-Authenticate": "Bearer"})


def error_response(
    status: int, error: GraphQLError, headers: dict[str, str] | None = None
) -> Response:
    content = orjson.dumps({"errors": [error.formatted]})
    return Response(content, status, headers, media_type=JSON)


def bad_request(why: str, code: str = Refused.code) -> GraphQLError:
    return GraphQLError(why, extensions={"code": code})
