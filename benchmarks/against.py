"""This tree against an older one: an import, a preview and a change of rules, in turns.

`python -m benchmarks against PATH`, where PATH has the older commit, as `git worktree add` makes
it; `HELD=2000 ROWS=1000 ROUNDS=3` before it for less. Both trees run on this Python and have
engines of their own. CPU is that of their processes in Python, without PostgreSQL's.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.turns import machine_load, spread

ROOT = Path(__file__).parents[1]
ACTS = Path(__file__).parent / "tree_acts.py"
HELD = int(os.environ.get("HELD", "100000"))
ROWS = int(os.environ.get("ROWS", "50000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
OURS = "this tree"

Trees = Mapping[str, "subprocess.Popen[str]"]
# CPU and wall seconds of each round, by act and tree.
Figures = dict[tuple[str, str], list[list[float]]]


def compare(older: Path) -> None:
    print(f"load before: {machine_load()}")
    with contextlib.ExitStack() as stack:
        trees = {
            name: stack.enter_context(_started(path.resolve()))
            for name, path in (("older tree", older), (OURS, ROOT))
        }
        acts, _ = [_answer(tree) for tree in trees.values()]
        figures = _measured(trees, acts)
    print(f"load after: {machine_load()}; {ROWS:,} rows, {HELD:,} held, {ROUNDS} rounds")
    for act in acts:
        _print(act, figures)


@contextlib.contextmanager
def _started(tree: Path) -> "Iterator[subprocess.Popen[str]]":
    """Start the tree's process; it ends when its input does."""
    process = subprocess.Popen(
        # Without the folder of the script in the path: all modules are the tree's.
        [sys.executable, "-P", str(ACTS), str(HELD), str(ROWS)],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process


def _measured(trees: Trees, acts: list[str]) -> Figures:
    """Let one tree work at a time; the first round, where each begins cold, does not count."""
    figures: Figures = {(act, name): [] for act in acts for name in trees}
    for n in range(-1, ROUNDS):
        for act in acts:
            for name in list(trees)[:: 1 if n % 2 else -1]:
                found = _asked(trees[name], act)
                if n >= 0:
                    figures[act, name].append(found)
    return figures


def _asked(tree: "subprocess.Popen[str]", act: str) -> list[float]:
    assert tree.stdin is not None
    print(act, file=tree.stdin, flush=True)
    return [float(each) for each in _answer(tree)]


def _answer(tree: "subprocess.Popen[str]") -> list[str]:
    assert tree.stdout is not None
    line = tree.stdout.readline()
    assert line, f"the process of {tree.args!r} ended"
    answer: list[str] = json.loads(line)
    return answer


def _print(act: str, figures: Figures) -> None:
    """Print medians, and our ratio to the older tree of the same round, with its quartiles."""
    before, ours = (each for (name, _), each in figures.items() if name == act)
    for n, what in enumerate(("CPU", "wall")):
        old, new = ([each[n] for each in rounds] for rounds in (before, ours))
        medians = f"{statistics.median(old):7.2f} s before, {statistics.median(new):7.2f} s now"
        ratios = spread(one / other for one, other in zip(new, old, strict=True))
        print(f"  {act:16} {what:5}{medians}: {ratios} of it")
