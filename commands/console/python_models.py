"""The Python client's models: `python -m commands.console.python_models` makes them again.

Their generator needs an older graphql-core than the API: it has an environment of its own.
"""

import fcntl
import shutil
import subprocess
import sys
import tempfile
from filecmp import dircmp
from pathlib import Path

from commands.console.building import Say, read_stamp, sources_hash
from commands.console.clients import GIVEN, ROOT

PACKAGE = ROOT / "clients" / "python"
MODELS = PACKAGE / "seapool_client" / "generated"
REQUIREMENTS = PACKAGE / "codegen" / "requirements.txt"
# Beside the packages of this Python, so that all checkouts that share those share it too.
ENVIRONMENT = Path(sys.prefix) / "python-models"
CHECKED = PACKAGE / ".codegen" / "checked"
SECONDS = 300.0


def check(say: Say) -> bool:
    """Whether the models are those of the schema and the operations; say what is wrong."""
    wanted = sources_hash(PACKAGE, *GIVEN)
    if read_stamp(CHECKED) == wanted:
        return True
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = generate(Path(folder), say)
        except subprocess.CalledProcessError as error:
            say(f"{error.stdout}\nThe models of clients/python can't be made: {error}")
            return False
        if differ(made, MODELS):
            say("clients/python has old models: .venv/bin/python -m commands.console.python_models")
            return False
    CHECKED.parent.mkdir(exist_ok=True)
    CHECKED.write_text(wanted)
    return True


def generate(folder: Path, say: Say) -> Path:
    """Make the models in this empty folder. Raises CalledProcessError."""
    package = folder / "clients" / "python"
    package.mkdir(parents=True)
    shutil.copytree(GIVEN[0], folder / "clients" / "operations")
    (folder / "console").mkdir()
    shutil.copy(GIVEN[1], folder / "console")
    shutil.copy(PACKAGE / "pyproject.toml", package)
    shutil.copytree(PACKAGE / "codegen", package / "codegen")
    (package / "seapool_client").mkdir()
    _run([str(_generator(say))], package)
    return package / "seapool_client" / "generated"


def differ(one: Path, other: Path) -> bool:
    found = dircmp(one, other, ignore=["__pycache__"])
    return bool(found.left_only or found.right_only or found.diff_files)


def _generator(say: Say) -> Path:
    stamp, wanted = ENVIRONMENT / "installed", REQUIREMENTS.read_text()
    with ENVIRONMENT.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if read_stamp(stamp) != wanted:
            say("Installing the generator of the Python client's models…")
            _run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], PACKAGE)
            pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "-q"]
            _run([*pip, "--disable-pip-version-check", "-r", str(REQUIREMENTS)], PACKAGE)
            stamp.write_text(wanted)
    return ENVIRONMENT / "bin" / "ariadne-codegen"


def _run(arguments: list[str], folder: Path) -> None:
    pipe = subprocess.PIPE
    subprocess.run(
        arguments,
        cwd=folder,
        check=True,
        stdout=pipe,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = generate(Path(folder), print)
        shutil.rmtree(MODELS, ignore_errors=True)
        shutil.copytree(made, MODELS)
