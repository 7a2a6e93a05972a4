"""The answers to requests that are refused before the application sees them."""

import json
from http import HTTPStatus

from schema.connections import limits


def refusal(status: HTTPStatus, message: str, retry_after: int | None = None) -> bytes:
    error = {"message": message, "extensions": {"code": "BAD_REQUEST"}}
    body = json.dumps({"errors": [error]})
    again = f"retry-after: {retry_after}\r\n" if retry_after else ""
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n{again}connection: close\r\n\r\n"
    )
    return (head + body).encode()


TOO_LARGE = refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    f"The request's head may have {limits.LONGEST_HEAD} bytes and {limits.MOST_HEADERS} headers"
    " at most.",
)
TOO_SLOW = refusal(
    HTTPStatus.REQUEST_TIMEOUT,
    f"The request came too slowly: send its head within {limits.HEAD_SECONDS:g} s,"
    f" and at least {limits.SLOWEST_BODY} bytes of its body a second.",
)
TOO_MANY = refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Too many connections are open: close some, or try again later.",
    retry_after=5,
)
NOT_ALONE = refusal(HTTPStatus.BAD_REQUEST, "Open a websocket on a connection of its own.")
