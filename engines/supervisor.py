"""`manage.py up`: the engines, the API and the worker under one process that ends them all."""

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

from engines.process import Engine, EnginesError, as_a_child, undisturbed
from settings import Settings

MANAGE = Path(__file__).parents[1] / "manage.py"
READY_SECONDS = 60.0
STOP_SECONDS = 10.0
HEALTHY_SECONDS = 5.0
TRIES_UNTIL_READY = 3

log = structlog.get_logger()


class Child:
    """One of our own commands as a process, in a session of its own: Ctrl-C reaches only us."""

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
        with undisturbed():
            self._process = subprocess.Popen(
                [sys.executable, str(MANAGE), self.name],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=as_a_child(signal.SIGTERM),
            )

    def again(self) -> None:
        if time.monotonic() - self.started_at < HEALTHY_SECONDS:
            time.sleep(1)
        self.start()

    def terminate(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def environment_of(settings: Settings) -> dict[str, str]:
    """What a child must be told that it can't read from our own environment."""
    told = {
        "SEAPOOL_DATA": str(settings.data),
        "SEAPOOL_DATABASE_URL": settings.database_url,
        "SEAPOOL_REDIS_URL": settings.redis_url,
        "SEAPOOL_SECRET": settings.secret,
    }
    return {name: value for name, value in told.items() if value is not None}


class Supervisor:
    def __init__(self, settings: Settings, engines: Sequence[Engine]) -> None:
        self.settings = settings
        self.engines = engines
        self.children = [Child("api", settings), Child("worker", settings)]

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        try:
            for child in self.children:
                child.start()
            yield
        finally:
            for child in self.children:
                child.terminate()
            deadline = time.monotonic() + STOP_SECONDS
            for child in self.children:
                child.wait(deadline)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready(f"{address(self.settings)}/readyz"):
            self.restart_the_dead()
            if failed := [c.name for c in self.children if c.starts > TRIES_UNTIL_READY]:
                raise EnginesError(f"the {failed[0]} does not start: its reason is above")
            if time.monotonic() > deadline:
                raise EnginesError(f"{address(self.settings)}/readyz does not answer 200")
            time.sleep(0.05)

    def watch(self) -> None:
        """Until a signal ends it."""
        while True:
            time.sleep(0.2)
            self.restart_the_dead()

    def restart_the_dead(self) -> None:
        for engine in self.engines:
            if not engine.alive:
                log.warning("restarted", process=engine.name)
                with contextlib.suppress(EnginesError):
                    engine.start()
        for child in self.children:
            if not child.alive:
                log.warning("restarted", process=child.name)
                child.again()


def address(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"http://{host}:{settings.port}"


def is_ready(url: str) -> bool:
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with straight.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
