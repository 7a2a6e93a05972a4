"""npm packages that tests need, installed once for all processes of all test runs."""

import fcntl
import os
from pathlib import Path

import pytest

from commands.console.building import install
from commands.console.node import NodeFailed

# Where the packages must be there, `CONFORMANCE_TESTS=required`, nothing is left out.
REQUIRED = os.environ.get("CONFORMANCE_TESTS") == "required"


def installed(folder: Path, log: Path, run: Path) -> Path:
    """Install what the folder's lock file names, if that is new. Return the folder.

    Who can't install them skips its test, with one line that says why. `run` is a folder of this
    test run: after a failure there, its other processes do not wait for the network again.
    """
    failure = run / f"{folder.name}.not-installed"
    with (folder / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not failure.exists():
            try:
                install(folder, log, lambda line: None)
                return folder
            except NodeFailed as error:
                failure.write_text(str(error))
    why = f"{folder.name} is left out, its packages can't be installed: {failure.read_text()}"
    assert not REQUIRED, why
    pytest.skip(why)
