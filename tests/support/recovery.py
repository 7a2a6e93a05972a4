"""A PostgreSQL that archives its WAL, and one recovered from its backup: as docs/operations.md."""

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import engines as embedded
from engines.postgres import EPHEMERAL
from tests.support.samples import until
from tests.support.standby import ask, run

SWITCH = "SELECT pg_walfile_name(pg_switch_wal())"
Cluster = TypeVar("Cluster", bound=embedded.Postgres)
ARCHIVED = "SELECT last_archived_wal >= $1 FROM pg_stat_archiver"


class Archiving(embedded.Postgres):
    """Each finished segment of its WAL is copied to `archive`."""

    stop_signal = signal.SIGQUIT

    def prepare(self) -> None:
        super().prepare()
        keep = f"mkdir -p {self.archive} && test ! -e {self.archive}/%f && cp %p {self.archive}/%f"
        self.options = EPHEMERAL | {"archive_mode": "on", "archive_command": keep}

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    def back_up(self) -> Path:
        """Return the folder of a copy of the cluster as it is."""
        backup = self.folder / "backup"
        run(self, "pg_basebackup", "-D", str(backup), "-X", "none", "--checkpoint=fast")
        return backup

    async def finish_archive(self) -> None:
        """Wait until all that is committed is in the archive."""
        last = await ask(self, SWITCH)
        await until(lambda: ask(self, ARCHIVED, last), seconds=30)


class Recovered(embedded.Postgres):
    """Recovers to a moment from the backup and the archive, on a timeline of its own."""

    stop_signal = signal.SIGQUIT

    def __init__(self, data: Path, sockets: Path, source: Archiving, backup: Path, to: str) -> None:
        recovery = {
            "restore_command": f"cp {source.archive}/%f %p",
            "recovery_target_time": to,
            "recovery_target_action": "promote",
        }
        super().__init__(data, sockets, EPHEMERAL | recovery)
        self.backup = backup

    def _make_cluster(self) -> None:
        make = f"cp -a {self.backup} {self.marker} && touch {self.marker}/recovery.signal"
        subprocess.run(["sh", "-c", make], check=True, **self.popen_user())


@contextlib.contextmanager
def archiving(data: Path) -> Iterator[Archiving]:
    with _running(Archiving(data, _sockets(data))) as found:
        yield found


@contextlib.contextmanager
def recovered(source: Archiving, backup: Path, to: object, data: Path) -> Iterator[Recovered]:
    """The cluster as it was at a moment, once it takes writes."""
    with _running(Recovered(data, _sockets(data), source, backup, str(to))) as found:
        yield found


def _sockets(data: Path) -> Path:
    sockets = data.with_name(f"{data.name}-sockets")
    sockets.mkdir(exist_ok=True)
    return sockets


@contextlib.contextmanager
def _running(engine: Cluster) -> Iterator[Cluster]:
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()
