"""Traces requests of members. Part of the application only where traces are on."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.telemetry import tracing

STREAM = "text/event-stream"
# What anybody may ask for, pages and health, is no operation.
PATHS = ("/graphql", "/sheets", "/exports/")


class Traced:
    """A websocket is none: each of its operations has a trace, see timing.py."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATHS):
            await self.app(scope, receive, send)
            return

        async def send_traced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = Headers(raw=message["headers"])
                if headers.get("content-type", "").startswith(STREAM):
                    # A subscription has a span of its own, as on a websocket: below this one.
                    tracing.begun(f"{scope['method']} {scope['path']}", {}, goes_on=True)
            await send(message)

        with tracing.spans().operation(Headers(scope=scope)):
            await self.app(scope, receive, send_traced)
