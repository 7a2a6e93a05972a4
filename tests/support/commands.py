"""`manage.py` commands as processes, forked from one that has loaded their modules.

Loading takes a second and a half of CPU, a fork none. Whoever is forked has its own pid, session,
environment and standard streams, ends as the interpreter ends, and dies with the tests.
"""

import ctypes
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from engines.process import PR_SET_PDEATHSIG

MANAGE = Path(__file__).parents[2] / "manage.py"
MODULES = ["app", "commands.up", "commands.verify", "manage", "uvicorn", "workers.runner"]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(MODULES)


@dataclass(frozen=True, slots=True)
class Command:
    """A command that runs, or ran: of subprocess.Popen what tests need."""

    process: ForkServerProcess

    @property
    def pid(self) -> int:
        assert self.process.pid
        return self.process.pid

    def poll(self) -> int | None:
        """Return the exit code, -n after signal n, None while it runs."""
        return self.process.exitcode

    def wait(self, seconds: float | None = None) -> int:
        """Return the exit code; raise TimeoutError if it still runs after so long."""
        self.process.join(seconds)
        if self.process.exitcode is None:
            raise TimeoutError(f"{self.process.name} still runs after {seconds} s")
        return self.process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.process.kill()


def start(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    output: Path,
    errors: Path | None = None,
    input: str = os.devnull,
) -> Command:
    """Start `manage.py` with these arguments; the streams are files."""
    given = list(arguments), dict(environment), (input, str(output), str(errors or output))
    process = FORKS.Process(target=_become, args=given, name=f"manage.py {arguments[0]}")
    process.start()
    return Command(process)


def run(
    arguments: Sequence[str], environment: Mapping[str, str], input: str = "", seconds: float = 50
) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` to its end. Return what it wrote; raise TimeoutError after so long."""
    with tempfile.TemporaryDirectory() as name:
        given, output, errors = (Path(name) / each for each in ("input", "output", "errors"))
        given.write_text(input)
        command = start(arguments, environment, output, errors, str(given))
        try:
            code = command.wait(seconds)
        finally:
            command.kill()
        return subprocess.CompletedProcess(arguments, code, output.read_text(), errors.read_text())


def _become(
    arguments: list[str], environment: dict[str, str], streams: tuple[str, str, str]
) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    os.setsid()
    for number, path in enumerate(streams):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    # multiprocessing took it from its child.
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    os.chdir(MANAGE.parent)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [MANAGE.name, *arguments]
    runpy.run_path(str(MANAGE), run_name="__main__")
