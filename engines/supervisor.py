"""API and worker as child processes; the supervisor restarts them and the engines."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog

from engines.engine import Engine, EnginesError
from engines.process import die_with_parent, signals_blocked
from settings import Settings

MANAGE = Path(__file__).parents[1] / "manage.py"
READY_SECONDS = 60.0
STOP_SECONDS = 10.0
HEALTHY_SECONDS = 5.0
STARTS_UNTIL_READY = 3

log = structlog.get_logger()


class Child:
    """One `manage.py` command as a process. Its own session: Ctrl-C reaches only the supervisor."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.environment = os.environ | environment_of(settings)
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self.starts += 1
        self.started_at = time.monotonic()
        with signals_blocked():
            self._process = subprocess.Popen(
                [sys.executable, str(MANAGE), self.name],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def restart(self) -> None:
        """Start a process that ended, after a second's rest if it ended early."""
        if time.monotonic() - self.started_at < HEALTHY_SECONDS:
            time.sleep(1)
        self.start()

    def terminate(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait for the end of the process; kill it at the deadline."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the settings that a child can't read from our own environment."""
    values = {
        "SEAPOOL_DATA": str(settings.data),
        "SEAPOOL_DATABASE_URL": settings.database_url,
        "SEAPOOL_REDIS_URL": settings.redis_url,
        "SEAPOOL_SECRET": settings.secret,
    }
    return {name: value for name, value in values.items() if value is not None}


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
