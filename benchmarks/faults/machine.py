"""One API or worker as a process that is killed, stopped and started again on the same port."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from engines.child import MANAGE, environment_of
from engines.process import die_with_parent
from settings import Settings

# Load and receiver come from this machine alone, and shall not be held back.
OPEN = {
    "SEAPOOL_WEBHOOKS_TO_PRIVATE_ADDRESSES": "true",
    "SEAPOOL_MEMBER_BUDGET": "1000000000",
    "SEAPOOL_ORGANIZATION_BUDGET": "1000000000",
}


class Machine:
    def __init__(self, command: str, settings: Settings, database_url: str, folder: Path) -> None:
        self.command = command
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.log = folder / f"{command}-{self.port}.log"
        own = {"SEAPOOL_PORT": str(self.port), "SEAPOOL_DATABASE_URL": database_url}
        self.environment = os.environ | environment_of(settings) | OPEN | own
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, str(MANAGE), self.command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def terminate(self) -> None:
        self._process.terminate()

    def ended(self) -> int | None:
        """Its exit code; None while it lives."""
        return self._process.poll()
