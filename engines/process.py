"""One server process: started, stopped, killed, and found again when its parent died."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

START_SECONDS = 60.0
STOP_SECONDS = 30.0
PR_SET_PDEATHSIG = 1
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class EnginesError(Exception):
    """Why an engine can't run and what to do, in one line."""


class Engine:
    """Its address stays the same when it is killed and started again."""

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
        """Returns when it answers; the data of an earlier run is there again."""
        self._stop_orphan()
        self.prepare()
        deadline = time.monotonic() + START_SECONDS
        while not self._started(deadline):
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
        """What a crash does: SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def prepare(self) -> None:
        raise NotImplementedError

    def command(self) -> list[str]:
        """Names `marker`, by which the process is known again."""
        raise NotImplementedError

    @property
    def marker(self) -> str:
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError

    def running_as(self) -> dict[str, Any]:
        return {}

    def _started(self, deadline: float) -> bool:
        began = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log, undisturbed():
            self._process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                preexec_fn=as_a_child(self.stop_signal),
                **self.running_as(),
            )
        self.pid_file.write_text(str(self._process.pid))
        while self._process.poll() is None:
            if self.ready():
                return True
            if time.monotonic() > deadline:
                self.stop()
                raise EnginesError(f"{self.name} was not ready in time: read {self.log}")
            time.sleep(0.01)
        if time.monotonic() < deadline and self._may_try_again(self._said(began)):
            return False
        raise EnginesError(f"{self.name} did not start: {last_words(self._said(began))}")

    def _may_try_again(self, said: str) -> bool:
        return False

    def _said(self, began: int) -> str:
        with self.log.open("rb") as log:
            log.seek(began)
            return log.read().decode(errors="replace")

    def _stop_orphan(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            pid = int(self.pid_file.read_text())
            deadline = time.monotonic() + STOP_SECONDS
            while self.marker in command_line(pid):
                patient = time.monotonic() < deadline
                os.kill(pid, self.stop_signal if patient else signal.SIGKILL)
                time.sleep(0.05)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Around a fork: what a signal's handler raises in there Python prints and forgets."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def as_a_child(last: signal.Signals) -> Callable[[], None]:
    """For Popen's preexec_fn: the kernel sends `last` when whoever started the process is gone.

    Linux ties it to the thread that started the process, so only the main thread may ask for it.
    """
    tied = sys.platform == "linux" and threading.current_thread() is threading.main_thread()
    prctl = ctypes.CDLL(None).prctl if tied else None
    parent = os.getpid()

    def begin() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(last))
            if os.getppid() != parent:
                os._exit(1)

    return begin


def command_line(pid: int) -> str:
    """Empty where there is no such process."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    asked = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout


def last_words(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if "fatal" in line.lower()]
    return (fatal or lines or ["it said nothing"])[-1].strip()
