"""Every benchmark in one run: `make bench`, or `python -m benchmarks claims` for one.

`python -m benchmarks against PATH` measures this tree beside an older one.
"""

import asyncio
import sys
from pathlib import Path

import uvloop

from benchmarks import (
    against,
    channels,
    claim_cpu,
    claims,
    connections,
    console,
    dealing,
    delayed_jobs,
    departments,
    exports,
    failover,
    fairness,
    fan_out,
    frames,
    hand_over,
    instructions,
    operations,
    pauses,
    planning,
    releases,
    rule_changes,
    scale,
    sheets,
    simulation,
    verify,
)

BENCHMARKS = {
    "claims": claims.main,
    "releases": releases.main,
    "planning": planning.main,
    "rule_changes": rule_changes.main,
    "verify": verify.main,
    "dealing": dealing.main,
    "hand_over": hand_over.main,
    "departments": departments.main,
    "channels": channels.main,
    "pauses": pauses.main,
    "fairness": fairness.main,
    "failover": failover.main,
    "connections": connections.main,
    "frames": frames.main,
    "console": console.main,
    "sheets": sheets.main,
    "fan_out": fan_out.main,
    "scale": scale.main,
    "simulation": simulation.main,
    "operations": operations.main,
    "claim_cpu": claim_cpu.main,
    "instructions": instructions.main,
    "exports": exports.main,
    "delayed_jobs": delayed_jobs.main,
}


# Their client shares the cores with the servers that it measures, and costs less on uvloop.
LEAN = ("operations", "claim_cpu")


def main() -> None:
    if sys.argv[1:2] == ["against"]:
        against.compare(Path(sys.argv[2]))
        return
    names = sys.argv[1:] or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        sys.exit(f"there is no benchmark {unknown[0]}: name some of {', '.join(BENCHMARKS)}")
    for name in names:
        run = uvloop.run if name in LEAN else asyncio.run
        run(BENCHMARKS[name]())


if __name__ == "__main__":
    main()
