"""`manage.py up` or `dev` as a process, with its children."""

import contextlib
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil

from engines.process import command_line, die_with_parent
from tests.support.running import ROOT, clean_environment, free_port

CODE = (
    "addresses",
    "app.py",
    "commands",
    "engines",
    "manage.py",
    "models",
    "schema",
    "settings.py",
    "workers",
)
# A start may install packages and build the console: how long that takes is the machine's.
HANGS_SECONDS = 300


@dataclass
class Served:
    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> httpx2.Response:
        # Without TLS, whose certificates take long to read: it is asked many times a second.
        return httpx2.get(f"{self.url}{path}", timeout=2, trust_env=False, verify=False)


@dataclass
class Up(Served):
    process: subprocess.Popen[bytes]
    log: Path
    took: float = 0.0

    @property
    def output(self) -> str:
        return self.log.read_text()

    def descendants(self) -> dict[str, psutil.Process]:
        found = {}
        for child in psutil.Process(self.process.pid).children():
            words = command_line(child.pid)
            for name in ("postgres", "valkey-server", "manage.py api", "manage.py worker"):
                if name in words:
                    found[name.removeprefix("manage.py ").removesuffix("-server")] = child
        return found

    def everything(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


def copy_code(folder: Path) -> None:
    """Copy what a process runs, without the console."""
    for name in CODE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder)


@contextlib.contextmanager
def running(data: Path, command: str = "up", root: Path = ROOT, **given: str) -> Iterator[Up]:
    """Run the command until the test's end, from the moment when it has printed its greeting."""
    began = time.monotonic()
    with launched(data, command, root, **given) as up:
        until(lambda: "Ctrl-C" in up.output or up.process.poll() is not None, HANGS_SECONDS)
        up.took = time.monotonic() - began
        assert up.process.poll() is None, up.output
        try:
            yield up
        finally:
            alive = up.process.poll() is None
            up.process.terminate()
            # Longer than the supervisor and its engines give their processes on a busy machine.
            code = up.process.wait(45)
            assert code == 0 or not alive, up.output


@contextlib.contextmanager
def launched(data: Path, command: str = "up", root: Path = ROOT, **given: str) -> Iterator[Up]:
    """Run the command from its first moment; at the end it is killed, and its children with it."""
    port = free_port()
    log = data.with_name(f"{command}.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", command],
            cwd=root,
            env=environment(data, port) | given,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
    try:
        yield Up(data, port, process, log)
    finally:
        process.kill()
        process.wait()


def environment(data: Path, port: int) -> dict[str, str]:
    """Without the console: its own tests build one."""
    given = {"SEAPOOL_DATA": str(data), "SEAPOOL_PORT": str(port), "SEAPOOL_CONSOLE": "false"}
    return clean_environment() | given


def until(condition: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.02)


def gone(processes: list[psutil.Process]) -> bool:
    return all(
        not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        for process in processes
    )


def ready(up: Up) -> bool:
    try:
        found = up.get("/readyz").json()
    except (httpx2.TransportError, ValueError):
        return False
    return bool(found["status"] == "ready")
