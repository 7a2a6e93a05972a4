"""`python -m commands.console.reference`: the API's reference as a static site, in its `dist`."""

import fcntl
import sys
import tempfile
from pathlib import Path

from commands.console.building import SECONDS, Say, install
from commands.console.node import NodeFailed, npm

REFERENCE = Path(__file__).parents[2] / "reference"


def build_reference(log: Path, say: Say) -> None:
    """Make the pages from console/schema.graphql. Raises NodeFailed, also for a dead link."""
    with (REFERENCE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(REFERENCE, log, say)
        with log.open("wb") as output:
            npm(["run", "build"], REFERENCE, output, SECONDS)


if __name__ == "__main__":
    with tempfile.NamedTemporaryFile() as output:
        try:
            build_reference(Path(output.name), print)
        except NodeFailed as error:
            sys.exit(Path(output.name).read_text("utf-8", "replace") + f"\n{error}")
    print(f"The reference is built: {REFERENCE / 'dist'}. The API shows it at /reference.")
