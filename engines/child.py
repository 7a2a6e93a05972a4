"""One `manage.py` command as a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from engines.process import die_with_parent, signals_blocked
from settings import Settings

MANAGE = Path(__file__).parents[1] / "manage.py"
HEALTHY_SECONDS = 5.0


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
