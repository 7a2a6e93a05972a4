"""`python -m commands.console.checking`: lint, types, texts and operations of the console."""

import fcntl
import sys
import tempfile
from pathlib import Path

from commands.console.building import CONSOLE, SECONDS, Say, install, read_stamp, sources_hash
from commands.console.node import NodeFailed, npm


def check(folder: Path, say: Say) -> bool:
    """Check what is new since the last check that passed; say what is wrong."""
    stamp = folder / "node_modules" / ".checked"
    with (
        (folder / "package.json").open() as lock,
        tempfile.NamedTemporaryFile() as output,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = sources_hash(folder)
        if read_stamp(stamp) == wanted:
            return True
        log = Path(output.name)
        try:
            install(folder, log, say)
            with log.open("wb") as lines:
                npm(["run", "lint"], folder, lines, SECONDS)
        except NodeFailed as error:
            say(log.read_text("utf-8", "replace") + f"\nThe console: {error}")
            return False
        stamp.write_text(wanted)
        return True


if __name__ == "__main__":
    sys.exit(0 if check(CONSOLE, print) else 1)
