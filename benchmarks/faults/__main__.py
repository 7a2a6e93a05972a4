"""`make faults`: every scenario, or those that are named; the exit code is 1 after a violation."""

import asyncio
import logging
import random
import sys
import time
from itertools import groupby

from benchmarks.faults.round import Round, play
from benchmarks.faults.scenarios import SCENARIOS
from benchmarks.faults.world import World, world

HEAD = f"{'scenario':30} {'claims':>7} {'releases':>9} {'longest':>8} {'alerts':>7}   what held"

# The run itself loses its connections too.
logging.disable(logging.CRITICAL)


async def main(names: list[str]) -> int:
    seed = time.time_ns() % 1_000_000
    random.seed(seed)
    rounds: dict[str, Round] = {}
    print(HEAD)
    for kind, together in groupby(names, lambda name: SCENARIOS[name].kind):
        async with world(kind) as here:
            for name in together:
                rounds[name] = await play(here, SCENARIOS[name].fault)
                _print_round(here, name, rounds[name])
    print(f"\nSeed {seed}. Seconds until claims succeed and due releases are made again,")
    print("the longest wait of a client, and how late alerts were (p99).")
    print(HEAD)
    for name, done in rounds.items():
        print(_row(name, done))
    return int(any(done.violations for done in rounds.values()))


def _print_round(here: World, name: str, done: Round) -> None:
    told = ", ".join(f"{count} {answer}" for answer, count in done.answers.most_common())
    print(f"{_row(name, done)}\n  {told}", flush=True)
    if done.violations:
        _print_faults(here)


def _row(name: str, done: Round) -> str:
    held = "; ".join(done.violations) or "ok"
    return (
        f"{name:30} {done.claims:7.1f} {done.releases:9.1f} {done.longest:8.1f}"
        f" {done.alerts:7.1f}   {held}"
    )


def _print_faults(here: World) -> None:
    print("errors in the logs until now:")
    for machine in (*here.apis, *here.workers):
        for fault, times in machine.faults().most_common(5):
            print(f"  {machine.command} {machine.port}: {times} x {fault}", flush=True)


def _named(words: list[str]) -> list[str]:
    if unknown := [word for word in words if word not in SCENARIOS]:
        sys.exit(f"no scenario has the name {unknown[0]}; there are: {', '.join(SCENARIOS)}")
    return words or list(SCENARIOS)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_named(sys.argv[1:]))))
