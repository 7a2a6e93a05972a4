"""The scenarios by name. Each returns when its fault is lifted: for a kill, at the kill itself."""

import time
from dataclasses import dataclass

from benchmarks.faults import processes, surroundings
from benchmarks.faults.processes import Fault
from benchmarks.faults.world import USUAL, Kind, World
from models.database import session

SMALL_DISK = Kind(small_disk=True)
CLOCKS = Kind(clocks=True)
OLD_API = Kind(old_api=True)


# What an event waits for the end of an older transaction, whose process stands still.
IDLE = 1 + session.IDLE_SECONDS
# A line of half a second a round trip: an alert costs several.
SLOW = 8


@dataclass(frozen=True)
class Scenario:
    fault: Fault
    kind: Kind = USUAL
    # Whether no API reaches its tables meanwhile: then alerts count from the end of the fault.
    cuts_off: bool = False
    # Of 99 of 100 alerts.
    alert_seconds: float = 2


async def nothing(_: World) -> float:
    return time.time()


SCENARIOS: dict[str, Scenario] = {
    "nothing": Scenario(nothing),
    "API killed": Scenario(processes.api_killed),
    "worker killed": Scenario(processes.worker_killed),
    "PostgreSQL killed": Scenario(processes.postmaster_killed, cuts_off=True),
    "a backend killed": Scenario(processes.backend_killed, cuts_off=True),
    "Valkey killed": Scenario(processes.valkey_killed),
    "API stands still 5 s": Scenario(processes.api_stopped(5), alert_seconds=IDLE),
    "worker stands still 5 s": Scenario(processes.worker_stopped(5), alert_seconds=IDLE),
    "both workers stand still 5 s": Scenario(processes.both_workers_stopped(5), alert_seconds=IDLE),
    "PostgreSQL stands still 5 s": Scenario(processes.postgres_stopped(5), cuts_off=True),
    "Valkey stands still 5 s": Scenario(processes.valkey_stopped(5)),
    "API stands still 20 s": Scenario(processes.api_stopped(20), alert_seconds=IDLE),
    "worker stands still 20 s": Scenario(processes.worker_stopped(20), alert_seconds=IDLE),
    "PostgreSQL stands still 20 s": Scenario(processes.postgres_stopped(20), cuts_off=True),
    "Valkey stands still 20 s": Scenario(processes.valkey_stopped(20)),
    "Valkey emptied": Scenario(surroundings.valkey_emptied),
    "Valkey away 8 s": Scenario(surroundings.valkey_away(8)),
    "Valkey away 60 s": Scenario(surroundings.valkey_away(60)),
    "connections cut": Scenario(surroundings.connections_cut, cuts_off=True),
    "connections half open 8 s": Scenario(surroundings.connections_half_open, cuts_off=True),
    "connections 500 ms slow": Scenario(surroundings.connections_slow, alert_seconds=SLOW),
    "connections used up 8 s": Scenario(surroundings.connections_used_up, cuts_off=True),
    "a table locked 8 s": Scenario(surroundings.table_locked, cuts_off=True),
    "answers to commits lost": Scenario(surroundings.answers_lost),
    "two more sweepers 8 s": Scenario(surroundings.two_sweepers),
    "API ended by SIGTERM": Scenario(processes.api_terminated),
    "worker ended by SIGTERM": Scenario(processes.worker_terminated),
    "API of 0.2": Scenario(nothing, OLD_API),
    "disk full 8 s": Scenario(surroundings.disk_full, SMALL_DISK, cuts_off=True),
    "clocks of processes wrong": Scenario(surroundings.clocks_of_processes_wrong, CLOCKS),
    "clock of database back": Scenario(surroundings.clock_of_database_back, CLOCKS),
    "clock of database forward": Scenario(surroundings.clock_of_database_forward, CLOCKS),
}
