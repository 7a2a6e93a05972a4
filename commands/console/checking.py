"""`python -m commands.console.checking`: lint, types, texts and operations in TypeScript."""

import fcntl
import sys
import tempfile
from pathlib import Path

from commands.console import python_models
from commands.console.building import CONSOLE, SECONDS, Say, install, read_stamp, sources_hash
from commands.console.clients import GIVEN, TYPESCRIPT
from commands.console.node import NodeFailed, npm


def check(folder: Path, say: Say, *others: Path) -> bool:
    """Check what is new since the last check that passed; say what is wrong.

    `others` are files and folders outside that the package is made from too.
    """
    stamp = folder / "node_modules" / ".checked"
    with (
        (folder / "package.json").open() as lock,
        tempfile.NamedTemporaryFile() as output,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = sources_hash(folder, *others)
        if read_stamp(stamp) == wanted:
            return True
        log = Path(output.name)
        try:
            install(folder, log, say)
            with log.open("wb") as lines:
                npm(["run", "lint"], folder, lines, SECONDS)
        except NodeFailed as error:
            say(log.read_text("utf-8", "replace") + f"\n{folder.name}: {error}")
            return False
        stamp.write_text(wanted)
        return True


if __name__ == "__main__":
    passed = [
        check(CONSOLE, print),
        check(TYPESCRIPT, print, *GIVEN),
        python_models.check(print),
    ]
    sys.exit(0 if all(passed) else 1)
