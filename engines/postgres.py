"""PostgreSQL from its Python package."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engines.engine import Engine, EnginesError
from engines.postgres_files import binaries, data_folder
from engines.process import error_line
from engines.system_user import postgres_user

DURABLE = {"max_connections": "200"}
# DETAIL lines and parameters show values of rows: names, phone numbers, keys.
DISCREET = {
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}
EPHEMERAL = {
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class Postgres(Engine):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # PostgreSQL's "fast" stop: it closes connections, data is safe.

    def __init__(self, data: Path, sockets: Path, options: Mapping[str, str] = DURABLE) -> None:
        super().__init__(data)
        self.sockets = sockets
        self.options = options
        self.user = postgres_user()
        self.folder = data

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.sockets}"

    @property
    def marker(self) -> str:
        return f"{self.data.resolve()}/cluster"

    def prepare(self) -> None:
        self.bin = binaries(self.user)
        self.folder = data_folder(self.data, self.user)
        if self.user:
            os.chown(self.sockets, self.user.uid, self.user.gid)
        if not Path(self.marker).exists():
            self._make_cluster()

    def command(self) -> list[str]:
        options = {
            **DISCREET,
            **self.options,
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "port": "5432",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [f"{self.bin}/postgres", "-D", self.marker, *flags]

    def ready(self) -> bool:
        try:
            lines = Path(self.marker, "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def popen_user(self) -> dict[str, Any]:
        return self.user.popen_user() if self.user else {}

    def _can_retry(self, output: str) -> bool:
        # The children of a killed postmaster hold its shared memory for a moment.
        return "shared memory block" in output

    def _make_cluster(self) -> None:
        # Renamed when complete: an interrupted initdb leaves no half-made cluster.
        fresh = self.folder / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        done = subprocess.run(
            self._initdb(fresh), capture_output=True, text=True, check=False, **self.popen_user()
        )
        if done.returncode:
            raise EnginesError(f"PostgreSQL's data was not made: {error_line(done.stderr)}")
        fresh.rename(self.marker)

    def _initdb(self, folder: Path) -> list[str]:
        command = [f"{self.bin}/initdb", "-D", str(folder), "-U", "postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.options.get("fsync") == "off":
            command.append("--no-sync")
        return command
