"""Group robots as WeCom, DingTalk, Feishu and Slack run them: one real HTTP server for all."""

import base64
import contextlib
import hashlib
import hmac
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tests.support.receiver import serving

HOUR = 3600


@dataclass
class Robots:
    """What was posted, oldest first, and how they answer: a code in a JSON, or an HTTP status."""

    port: int
    secret: str = ""
    code: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    # In place of what a robot says.
    body: bytes | None = None
    messages: list[Any] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    # Called before an answer is given.
    before: Callable[[], Awaitable[None]] | None = None

    def url(self, kind: str) -> str:
        return f"http://127.0.0.1:{self.port}/{kind.lower()}/send?key=0123456789abcdef"

    @property
    def texts(self) -> list[str]:
        return [text_of(message) for message in self.messages]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        message = json.loads(await request.body())
        answer = self._answer(request, message)
        if self.before:
            await self.before()
        await answer(scope, receive, send)

    def _answer(self, request: Request, message: Any) -> Response:
        kind = request.url.path.split("/")[1]
        if self.body is not None:
            return Response(self.body, self.status, self.headers)
        if self.status != 200:
            self.refused.append(message)
            return PlainTextResponse("no", self.status, self.headers)
        code = self.code or KINDS[kind](message, request.query_params, self.secret)
        (self.refused if code else self.messages).append(message)
        if kind == "slack":
            return PlainTextResponse("invalid_payload" if code else "ok", 400 if code else 200)
        if kind == "feishu":
            return JSONResponse({"code": code, "msg": "bad" if code else "success", "data": {}})
        return JSONResponse({"errcode": code, "errmsg": "bad" if code else "ok"})


def text_of(message: Any) -> str:
    """What a person reads of it."""
    if "markdown" in message:
        return str(message["markdown"].get("content") or message["markdown"]["text"])
    if "content" in message:
        (post,) = message["content"]["post"].values()
        return "\n".join([post["title"], *("".join(t["text"] for t in p) for p in post["content"])])
    return str(message["text"])


def wecom(message: Any, _: QueryParams, __: str) -> int:
    good = message["msgtype"] == "markdown" and len(message["markdown"]["content"].encode()) <= 4096
    return 0 if good else 40058


def dingtalk(message: Any, query: QueryParams, secret: str) -> int:
    if message["msgtype"] != "markdown" or not message["markdown"]["title"]:
        return 40035
    if not secret:
        return 0
    at = query.get("timestamp", "0")
    good = _hmac(secret, f"{at}\n{secret}") == query.get("sign")
    return 0 if good and abs(int(at) / 1000 - time.time()) < HOUR else 310000


def feishu(message: Any, _: QueryParams, secret: str) -> int:
    if message["msg_type"] != "post":
        return 9499
    if not secret:
        return 0
    at = message.get("timestamp", "0")
    good = _hmac(f"{at}\n{secret}", "") == message.get("sign")
    return 0 if good and abs(int(at) - time.time()) < HOUR else 19021


def slack(message: Any, _: QueryParams, __: str) -> int:
    return 0 if isinstance(message.get("text"), str) else 1


KINDS: dict[str, Callable[[Any, QueryParams, str], int]] = {
    "wecom": wecom,
    "dingtalk": dingtalk,
    "feishu": feishu,
    "slack": slack,
}


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()


@contextlib.asynccontextmanager
async def robots() -> AsyncIterator[Robots]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        found = Robots(listening.getsockname()[1])
        async with serving(found, listening):
            yield found
