"""One API or worker as a process that is killed, stopped and started again on the same port."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
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
    def __init__(
        self,
        command: str,
        settings: Settings,
        database_url: str,
        folder: Path,
        manage: Path = MANAGE,
        **environment: str,
    ) -> None:
        self.command = command
        self.manage = manage
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.log = folder / f"{command}-{self.port}.log"
        own = {"SEAPOOL_PORT": str(self.port), "SEAPOOL_DATABASE_URL": database_url}
        # The release before refuses settings that it does not know.
        limits = OPEN if manage == MANAGE else {}
        self.environment = os.environ | environment_of(settings) | limits | own | environment
        # When it served again after its last end.
        self.back_at = 0.0
        # When it stood still: then it answers nobody.
        self.still = (0.0, 0.0)
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start_again(self) -> None:
        """Return when it listens, as far as it does: a worker never does."""
        self.start()
        while self.command == "api" and not await self.listens():
            await asyncio.sleep(0.1)
        self.back_at = time.time()

    async def listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    def faults(self) -> Counter[str]:
        """What it logged as errors: each message, and the last line of its traceback."""
        lines = [line for line in self.log.read_text().splitlines() if '"level": "error"' in line]
        logged = [json.loads(line) for line in lines if line.startswith("{")]
        return Counter(
            f"{each['event']}: {each.get('exception', '').strip().rpartition(chr(10))[2]}"
            for each in logged
        )

    def start(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, str(self.manage), self.command],
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
