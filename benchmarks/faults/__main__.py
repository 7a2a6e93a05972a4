"""`make faults`: every scenario, or those that are named; exits with 1 if one did not hold."""

import asyncio
import logging
import math
import random
import sys
import time
import traceback
from itertools import groupby
from pathlib import Path

from benchmarks.faults.round import Round, play
from benchmarks.faults.scenarios import SCENARIOS
from benchmarks.faults.world import Kind, World, world

HEAD = f"{'scenario':30} {'claims':>7} {'releases':>9} {'longest':>8} {'alerts':>7} {'took':>5}"
LEGEND = """
Seconds until claims succeed and due releases are made again, the longest wait of a client, how
late alerts were (p99), and how long the scenario took. Then what broke, or ok."""
# With all waits for what does not come.
LONGEST_SCENARIO = 240

# The run itself loses its connections too.
logging.disable(logging.CRITICAL)


async def main(names: list[str]) -> int:
    seed = time.time_ns() % 1_000_000
    random.seed(seed)
    rounds: dict[str, Round] = {}
    _print_head()
    for kind, together in groupby(_by_kind(names), lambda name: SCENARIOS[name].kind):
        left = list(together)
        while left:
            await _play_some(kind, left, rounds)
    print(f"\nSeed {seed}.{LEGEND}")
    _print_head()
    for name in names:
        print(_row(name, rounds[name]))
    broken = [name for name in names if rounds[name].violations]
    print(f"{len(names) - len(broken)} of {len(names)} held.")
    return int(bool(broken))


async def _play_some(kind: Kind, left: list[str], rounds: dict[str, Round]) -> None:
    """Play until something breaks: what comes next has a world of its own."""
    began, before = time.monotonic(), len(left)
    try:
        async with world(kind) as here:
            while left:
                name = left.pop(0)
                rounds[name] = await _played(here, name)
                _print_round(here, name, rounds[name])
                if rounds[name].violations:
                    return
    except (Exception, SystemExit) as fault:
        # The world did not begin, or did not end well.
        if len(left) == before:
            name = left.pop(0)
            rounds[name] = Round(violations=[_told(fault)], took=time.monotonic() - began)
            print(_row(name, rounds[name]), flush=True)
        else:
            print(f"  the world did not end well: {_told(fault)}", flush=True)


async def _played(here: World, name: str) -> Round:
    began = time.monotonic()
    try:
        async with asyncio.timeout(LONGEST_SCENARIO):
            done = await play(here, SCENARIOS[name])
    except Exception as fault:
        done = Round(violations=[_told(fault)])
    done.took = time.monotonic() - began
    return done


def _told(fault: BaseException) -> str:
    """What it was, and the line of this package that met it."""
    calls = traceback.extract_tb(fault.__traceback__)
    own = [each for each in calls if "faults" in each.filename]
    where = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    return f"could not be played: {fault!r}{where}"


def _by_kind(names: list[str]) -> list[str]:
    """A world costs more than a scenario: each kind is made once."""
    kinds = list(dict.fromkeys(SCENARIOS[name].kind for name in names))
    return sorted(names, key=lambda name: kinds.index(SCENARIOS[name].kind))


def _print_head() -> None:
    print(f"{HEAD}   what held", flush=True)


def _print_round(here: World, name: str, done: Round) -> None:
    told = ", ".join(f"{count} {answer}" for answer, count in done.answers.most_common())
    print(f"{_row(name, done)}\n  {told}", flush=True)
    if done.violations:
        _print_faults(here)


def _row(name: str, done: Round) -> str:
    held = "; ".join(done.violations) or "ok"
    return (
        f"{name:30} {_figure(done.claims):>7} {_figure(done.releases):>9}"
        f" {_figure(done.longest):>8} {_figure(done.alerts):>7} {done.took:5.0f}   {held}"
    )


def _figure(seconds: float) -> str:
    return "–" if math.isnan(seconds) else f"{seconds:.1f}"


def _print_faults(here: World) -> None:
    print("  errors in the logs until now:")
    for machine in (*here.apis, *here.workers):
        for fault, times in machine.faults().most_common(5):
            print(f"    {machine.command} {machine.port}: {times} x {fault}", flush=True)


def _named(words: list[str]) -> list[str]:
    if unknown := [word for word in words if word not in SCENARIOS]:
        sys.exit(f"no scenario has the name {unknown[0]}; there are: {', '.join(SCENARIOS)}")
    return words or list(SCENARIOS)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_named(sys.argv[1:]))))
