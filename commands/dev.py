"""`manage.py dev`: what `up` runs, reloaded when a source file changes, with Vite beside it."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import structlog
import typer

from commands.console import vite
from commands.console.building import CONSOLE
from commands.signals import Ended
from commands.up import running_demo
from engines.supervisor import Supervisor, address
from settings import Settings

ROOT = Path(__file__).parents[1]
PACKAGES = ("commands", "models", "schema", "workers")
SUFFIXES = (".py", ".sql", ".po", ".mo")
POLL_SECONDS = 0.2

Snapshot = dict[Path, int]

log = structlog.get_logger()


def dev() -> None:
    """Run everything as `up` does, and reload API and worker when their code changes."""
    seen = snapshot()
    with running_demo(vite_console) as supervisor, contextlib.suppress(Ended):
        reload_on_changes(supervisor, seen)


@contextlib.contextmanager
def vite_console(settings: Settings) -> Iterator[str | None]:
    """Run Vite inside the `with` block, where there is a console. Give its address."""
    if not settings.console or not (CONSOLE / "package.json").is_file():
        yield None
        return
    log = settings.data / "console.log"
    with vite.running(CONSOLE, address(settings), log, typer.echo) as page:
        yield page


def reload_on_changes(supervisor: Supervisor, seen: Snapshot) -> None:
    """Poll the source files until a signal ends it. The children run the code of `seen`.

    A child that dies stays dead until the next change: a broken file would kill it again.
    """
    dead: set[str] = set()
    while True:
        time.sleep(POLL_SECONDS)
        supervisor.restart_dead_engines()
        if (now := snapshot()) != seen:
            now = settled(now)
            log.info("reloading", changed=changed(seen, now))
            supervisor.reload()
            seen, dead = now, set()
        for child in supervisor.dead_children():
            if child.name not in dead:
                log.error("ended; the next change of a file starts it", process=child.name)
                dead.add(child.name)


def snapshot() -> Snapshot:
    """Return the modification time in nanoseconds of each source file."""
    found = {}
    for path in source_files():
        with contextlib.suppress(FileNotFoundError):
            found[path] = path.stat().st_mtime_ns
    return found


def source_files() -> list[Path]:
    nested = (path for name in PACKAGES for path in (ROOT / name).rglob("*"))
    return [path for path in (*ROOT.glob("*.py"), *nested) if path.suffix in SUFFIXES]


def settled(now: Snapshot) -> Snapshot:
    """Wait until no file changes between two polls: an editor or git may write several."""
    while True:
        time.sleep(POLL_SECONDS)
        if (later := snapshot()) == now:
            return now
        now = later


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    """Return the new, changed and deleted files, relative to the repository."""
    return sorted({str(path.relative_to(ROOT)) for path, _ in before.items() ^ after.items()})
