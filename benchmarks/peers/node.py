"""The peers that run on Node, where it is found."""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Git, ruff and mypy leave this folder out.
INSTALLED = HERE.parents[1] / "data" / "peers"
INSTALL = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")


def mercurius() -> list[str] | None:
    """Return the command that serves it, its packages installed; None where Node is missing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    folder = INSTALLED / "mercurius"
    shutil.copytree(HERE / "mercurius", folder, dirs_exist_ok=True)
    stamp = folder / "installed.json"
    wanted = (folder / "package.json").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([npm, *INSTALL], cwd=folder, check=True, stdout=sys.stderr)
        stamp.write_text(wanted)
    return [node, str(folder / "server.mjs")]
