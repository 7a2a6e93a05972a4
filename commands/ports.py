"""The ports on which processes listen."""

import contextlib
import socket
from collections.abc import Iterator

from commands.errors import CommandError
from settings import Settings


def check_port(settings: Settings, port: int, name: str) -> None:
    """Raise CommandError if this process can't listen on its host and the port that is so named."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, port))
        except OSError as error:
            raise CommandError(
                f"port {port} of {settings.host} can't be used"
                f" ({error.strerror}): set {name} to a free one"
            ) from None


@contextlib.contextmanager
def served_metrics(settings: Settings) -> Iterator[None]:
    """Serve /metrics of a worker, where SEAPOOL_METRICS_PORT is set; the API has it anyway."""
    if settings.metrics_port is None:
        yield
        return
    from prometheus_client import start_http_server

    check_port(settings, settings.metrics_port, "SEAPOOL_METRICS_PORT")
    server, thread = start_http_server(settings.metrics_port, settings.host)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
