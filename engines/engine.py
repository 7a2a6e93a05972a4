"""One server process: start, stop, kill, and stop the orphan of a killed parent."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, BinaryIO

from engines.process import command_line, die_with_parent, error_line, signals_blocked

START_SECONDS = 60.0
STOP_SECONDS = 30.0


class EnginesError(Exception):
    """An engine can't run. The message is one line: the reason and what to do."""


class Engine:
    """A server whose address stays the same when it is killed and started again."""

    name: str
    stop_signal: signal.Signals

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data.with_name(f"{data.name}.log")
        self.pid_file = data.with_name(f"{data.name}.pid")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        raise NotImplementedError

    @property
    def pid(self) -> int:
        if self._process is None:
            raise EnginesError(f"{self.name} was not started")
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Return when the engine answers. It serves the data of earlier runs."""
        self._stop_orphan()
        self.prepare()
        deadline = time.monotonic() + START_SECONDS
        while not self._try_to_start(deadline):
            time.sleep(0.1)

    def stop(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None
        self.pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """Send SIGKILL, as a crash would end it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def prepare(self) -> None:
        raise NotImplementedError

    def command(self) -> list[str]:
        """Return the command line, which contains `marker`."""
        raise NotImplementedError

    @property
    def marker(self) -> str:
        """A part of the command line that identifies this engine's process."""
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError

    def popen_user(self) -> dict[str, Any]:
        """Popen's arguments that set the user of the process; empty keeps the current one."""
        return {}

    def _try_to_start(self, deadline: float) -> bool:
        """Return False if the process ended in a way that a second attempt can mend."""
        log_size = self.log.stat().st_size if self.log.exists() else 0
        process = self._spawn()
        self.pid_file.write_text(str(process.pid))
        while process.poll() is None:
            if self.ready():
                return True
            if time.monotonic() > deadline:
                self.stop()
                raise EnginesError(f"{self.name} was not ready in time: read {self.log}")
            time.sleep(0.01)
        output = self._log_from(log_size)
        if time.monotonic() < deadline and self._can_retry(output):
            return False
        raise EnginesError(f"{self.name} did not start: {error_line(output)}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        with open_log(self.log) as log, signals_blocked():
            self._process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **self.popen_user(),
            )
        return self._process

    def _can_retry(self, output: str) -> bool:
        return False

    def _log_from(self, position: int) -> str:
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def _stop_orphan(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            pid = int(self.pid_file.read_text())
            deadline = time.monotonic() + STOP_SECONDS
            while self.marker in command_line(pid):
                in_time = time.monotonic() < deadline
                os.kill(pid, self.stop_signal if in_time else signal.SIGKILL)
                time.sleep(0.05)


def open_log(path: Path) -> BinaryIO:
    """Open a log to append to. Only its owner can read it, also one of an earlier version."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "ab")
