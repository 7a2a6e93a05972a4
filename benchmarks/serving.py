"""A real API process on a free port, for benchmarks that go through HTTP."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from engines.child import environment_of
from engines.process import die_with_parent
from settings import Settings

MANAGE = Path(__file__).parents[1] / "manage.py"


@contextlib.contextmanager
def serving(settings: Settings) -> Iterator[int]:
    """Yield the port of an API that answers; it ends when left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = os.environ | environment_of(settings) | {"SEAPOOL_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, str(MANAGE), "api"],
        env=environment,
        stdout=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        while not _listens(port):
            assert process.poll() is None
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
