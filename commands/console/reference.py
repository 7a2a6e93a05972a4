"""`python -m commands.console.reference`: the API's reference as a static site, in its `dist`."""

import fcntl
import sys
import tempfile
from pathlib import Path

from commands.console.building import SECONDS, Say, install, read_stamp, sources_hash
from commands.console.node import NodeFailed, npm

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "reference"
SCHEMA = ROOT / "console" / "schema.graphql"
SOURCES = (
    *("index.md", "package.json", "package-lock.json"),
    *(".graphqlrc.yml", ".vitepress/config.mjs"),
)


def build_reference(log: Path, say: Say) -> None:
    """Make the pages from console/schema.graphql where that or another source changed.

    Raises NodeFailed, also for a dead link.
    """
    stamp = REFERENCE / "dist" / ".sources"
    with (REFERENCE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hash_of(REFERENCE, SCHEMA)
        if read_stamp(stamp) == wanted:
            return
        install(REFERENCE, log, say)
        with log.open("wb") as output:
            npm(["run", "build"], REFERENCE, output, SECONDS)
        stamp.write_text(wanted)


def hash_of(folder: Path, schema: Path) -> str:
    """Return a hash of all that the pages are made from; what the build writes is left out."""
    theme = folder / ".vitepress" / "theme"
    return sources_hash(theme, *(folder / name for name in SOURCES), schema)


if __name__ == "__main__":
    with tempfile.NamedTemporaryFile() as output:
        try:
            build_reference(Path(output.name), print)
        except NodeFailed as error:
            sys.exit(Path(output.name).read_text("utf-8", "replace") + f"\n{error}")
    print(f"The reference is built: {REFERENCE / 'dist'}. The API shows it at /reference.")
