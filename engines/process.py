"""Child processes: signals around a fork, ending with the parent, what a process says."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

PR_SET_PDEATHSIG = 1
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def signals_blocked() -> Iterator[None]:
    """Block ENDING around a fork: Python ignores what a signal handler raises inside one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def die_with_parent(last: signal.Signals) -> Callable[[], None]:
    """Return a preexec_fn for Popen: the kernel sends `last` to the child when its parent ends.

    Linux binds this to the thread that starts the process: let it live as long as the child shall.
    """
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
    parent = os.getpid()

    def begin() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(last))
            if os.getppid() != parent:
                os._exit(1)

    return begin


def command_line(pid: int) -> str:
    """Return the command line of a process, empty if it does not exist."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def error_line(output: str) -> str:
    """Return the last line with "fatal" in it, else the last line."""
    lines = [line for line in output.splitlines() if line.strip()]
    fatal = [line for line in lines if "fatal" in line.lower()]
    return (fatal or lines or ["no output"])[-1].strip()
