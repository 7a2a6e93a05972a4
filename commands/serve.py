"""The two server processes: API and worker."""

import contextlib
import gc
import resource
import sys
from functools import partial
from typing import Any

import structlog

from commands.environment import resolved_settings
from commands.logs import configure_logging
from commands.ports import check_port, served_metrics
from commands.signals import Ended
from engines import served_database
from models.telemetry.tracing import traced
from settings import Settings

LARGEST_WS_MESSAGE = 256 * 1024
KEEP_ALIVE_SECONDS = 5
PING_SECONDS = 20.0
# Files and sockets besides the connections of clients: databases, Valkey, look-ups.
OTHER_FILES = 512
# Objects made since the last collection of the youngest; collections until the next older ones.
COLLECT_AFTER = (10_000, 3, 40)
# Threads prepare documents and bodies. Each time the event loop wakes up, it waits so long for
# the interpreter's lock; Python's usual 5 ms made a claim of eight wake-ups wait 40 ms and more.
SWITCH_SECONDS = 0.001

log = structlog.get_logger()


def api() -> None:
    """Serve GraphQL over HTTP and websocket."""
    gc.disable()  # What is loaded stays: walking it again and again takes a sixth of the start.
    import uvicorn

    settings = Settings.load()
    configure_logging(settings)
    check_port(settings, settings.port, "SEAPOOL_PORT")
    most = allowed_connections(settings.connections)
    settings = settings.model_copy(update={"connections": most})
    # `manage.py up` names its engine in our environment.
    embedded = settings.database_url in (None, served_database(settings.data))
    with (
        traced("seapool-api"),
        resolved_settings(settings) as (settings, _),
        contextlib.suppress(Ended),
    ):
        from app import create_app
        from models.lists import name_order
        from schema.execution.telling import request_log

        app = create_app(settings, embedded=embedded)
        server = uvicorn.Server(uvicorn.Config(app, **uvicorn_options(settings)))
        name_order.load()
        if not sys.stdout.isatty():
            request_log.write_lines_to(sys.stdout.buffer, settings.log_level)
        _collect_less()
        sys.setswitchinterval(SWITCH_SECONDS)
        server.run()


def _collect_less() -> None:
    """Keep full garbage collections short and rare: each stops every request.

    What is loaded by now stays, so no collection walks it: that took 200 ms, of which the words
    of pinyin took 60. A collection of the younger ones walks 40,000 objects, for 15 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def worker() -> None:
    """Release customers, remind owners and deliver webhooks on time."""
    gc.disable()
    import uvloop

    from workers import runner

    gc.enable()
    settings = Settings.load()
    configure_logging(settings)
    with (
        traced("seapool-worker"),
        resolved_settings(settings) as (settings, _),
        served_metrics(settings),
    ):
        uvloop.run(runner.main(settings))


def allowed_connections(wanted: int) -> int:
    """Raise this process's limit of open files. Return how many connections fit into it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = wanted + OTHER_FILES
    if hard != resource.RLIM_INFINITY and hard < files:
        files = hard
        log.warning("the system allows few open files; raise `ulimit -Hn`", allowed=hard)
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(1, files - OTHER_FILES)


def uvicorn_options(settings: Settings) -> dict[str, Any]:
    """Return uvicorn's options. `configure_logging` does the logging."""
    # They bring uvicorn: no other command waits for it.
    from schema.connections.connections import Connections
    from schema.connections.http_protocol import HttpProtocol
    from schema.connections.websocket_protocol import WebsocketProtocol

    connections = Connections(settings)
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": partial(HttpProtocol, connections=connections),
        "ws": partial(WebsocketProtocol, connections=connections),
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "ws_ping_interval": PING_SECONDS,
        "ws_ping_timeout": PING_SECONDS,
        "ws_max_size": LARGEST_WS_MESSAGE,
        "ws_per_message_deflate": False,
        "timeout_graceful_shutdown": 5,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
    }
