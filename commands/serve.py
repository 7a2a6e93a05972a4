"""The two server processes: API and worker."""

import asyncio
import contextlib
import socket
from typing import Any

from commands.environment import resolved_settings
from commands.errors import CommandError
from commands.logs import configure_logging
from commands.signals import Ended
from settings import Settings

LARGEST_WS_MESSAGE = 256 * 1024


def api() -> None:
    """Serve GraphQL over HTTP and websocket."""
    import uvicorn

    settings = Settings.load()
    configure_logging(settings)
    check_port(settings)
    with resolved_settings(settings) as (settings, _), contextlib.suppress(Ended):
        from app import create_app

        uvicorn.Server(uvicorn.Config(create_app(settings), **uvicorn_options(settings))).run()


def worker() -> None:
    """Release customers, remind owners and deliver webhooks on time."""
    from workers import runner

    settings = Settings.load()
    configure_logging(settings)
    with resolved_settings(settings) as (settings, _):
        asyncio.run(runner.main(settings))


def check_port(settings: Settings) -> None:
    """Raise CommandError if the API can't listen on its host and port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CommandError(
                f"port {settings.port} of {settings.host} can't be used"
                f" ({error.strerror}): set SEAPOOL_PORT to a free one"
            ) from None


def uvicorn_options(settings: Settings) -> dict[str, Any]:
    """Return uvicorn's options. `configure_logging` does the logging."""
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": "httptools",
        "ws": "websockets-sansio",
        "ws_max_size": LARGEST_WS_MESSAGE,
        "ws_per_message_deflate": False,
        "timeout_graceful_shutdown": 5,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
    }
