"""The TypeScript package: built where its sources changed since the last build."""

import fcntl
from pathlib import Path

from commands.console.building import SECONDS, Say, install, read_stamp, sources_hash
from commands.console.node import npm

ROOT = Path(__file__).parents[2]
TYPESCRIPT = ROOT / "clients" / "typescript"
# Its operations and their types come from here.
GIVEN = (ROOT / "clients" / "operations", ROOT / "console" / "schema.graphql")


def build_typescript(log: Path, say: Say) -> None:
    """Make the package's `dist` from its sources. Raises NodeFailed."""
    stamp = TYPESCRIPT / "dist" / ".sources"
    with (TYPESCRIPT / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = sources_hash(TYPESCRIPT, *GIVEN)
        if read_stamp(stamp) == wanted:
            return
        install(TYPESCRIPT, log, say)
        with log.open("wb") as output:
            npm(["run", "build"], TYPESCRIPT, output, SECONDS)
        stamp.write_text(wanted)
