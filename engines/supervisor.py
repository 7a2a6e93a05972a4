"""API and worker as child processes; the supervisor restarts them and the engines."""

import contextlib
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence

import structlog

from engines.child import Child
from engines.engine import Engine, EnginesError
from settings import Settings

READY_SECONDS = 60.0
STOP_SECONDS = 10.0
STARTS_UNTIL_READY = 3

log = structlog.get_logger()


class Supervisor:
    def __init__(self, settings: Settings, engines: Sequence[Engine]) -> None:
        self.settings = settings
        self.engines = engines
        self.children = [Child("api", settings), Child("worker", settings)]

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run the children inside the `with` block."""
        try:
            self._start()
            yield
        finally:
            self._stop()

    def reload(self) -> None:
        """Stop the children, then start them with the code as it is now."""
        self._stop()
        self._start()

    def wait_until_ready(self) -> None:
        """Return when the API is ready. Raises EnginesError if a child does not start."""
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready(f"{address(self.settings)}/readyz"):
            self.restart_dead()
            if failed := [c.name for c in self.children if c.starts > STARTS_UNTIL_READY]:
                raise EnginesError(f"the {failed[0]} does not start: see its log above")
            if time.monotonic() > deadline:
                raise EnginesError(f"{address(self.settings)}/readyz does not answer 200")
            time.sleep(0.05)

    def watch(self) -> None:
        """Restart dead processes until a signal ends it."""
        while True:
            time.sleep(0.2)
            self.restart_dead()

    def restart_dead(self) -> None:
        self.restart_dead_engines()
        for child in self.dead_children():
            log.warning("restarted", process=child.name)
            child.restart()

    def restart_dead_engines(self) -> None:
        for engine in self.engines:
            if not engine.alive:
                log.warning("restarted", process=engine.name)
                with contextlib.suppress(EnginesError):
                    engine.start()

    def dead_children(self) -> list[Child]:
        return [child for child in self.children if not child.alive]

    def _start(self) -> None:
        for child in self.children:
            child.start()

    def _stop(self) -> None:
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.wait(deadline)


def address(settings: Settings) -> str:
    """Return the URL at which this machine reaches the API."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"http://{host}:{settings.port}"


def is_ready(url: str) -> bool:
    without_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with without_proxy.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
