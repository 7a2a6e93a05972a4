"""Real servers on free ports, for benchmarks that go through HTTP."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import cpu
from engines.child import environment_of
from engines.process import die_with_parent
from settings import Settings

ROOT = Path(__file__).parents[1]
API = [sys.executable, str(ROOT / "manage.py"), "api"]


@dataclass(frozen=True)
class Server:
    port: int
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Return the CPU that all its threads have used."""
        return cpu.seconds_of(self.process)


@contextlib.contextmanager
def serving(settings: Settings) -> Iterator[int]:
    """Yield the port of an API that answers; it ends when left."""
    with running(API, settings) as server:
        yield server.port


@contextlib.contextmanager
def running(command: Sequence[str], settings: Settings) -> Iterator[Server]:
    """Start a server that reads SEAPOOL_PORT; yield it when it listens. It ends when left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = os.environ | environment_of(settings) | {"SEAPOOL_PORT": str(port)}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        while not _listens(port):
            assert process.poll() is None, f"{command} ended with {process.returncode}"
            time.sleep(0.1)
        yield Server(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
