"""How the tables become distributed ones, by the rules of Citus.

A key that must be unique, and a foreign key, name the organization: each shard checks its own rows.
What a foreign key points at is distributed first. https://docs.citusdata.com/en/stable/develop/
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from models.sharding.catalog import Catalog, ForeignKey, Index

ORGANIZATION = "organization"
# All or nothing, in one connection to each machine. The triggers look at rows of one organization.
SETTINGS = (
    "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'",
    "SET LOCAL citus.enable_unsafe_triggers TO on",
)


class CannotDistribute(Exception):
    """One line: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`tables` with their keys, in order; `local` ones stay on the coordinator.

    `repeated` are unique indexes without the organization, which become plain ones. `circular` are
    foreign keys to a table that comes later, away until it is distributed.
    """

    tables: dict[str, str]
    local: list[str]
    repeated: list[Index]
    circular: list[ForeignKey]

    def statements(self) -> list[str]:
        """Return all, in the order in which they run in one transaction."""
        return [
            *SETTINGS,
            *(text for index in self.repeated for text in _plain(index)),
            *(f"ALTER TABLE {key.table} DROP CONSTRAINT {key.name}" for key in self.circular),
            *(_distributed(table, key) for table, key in self.tables.items()),
            *(
                f"ALTER TABLE {key.table} ADD CONSTRAINT {key.name} {key.definition}"
                for key in self.circular
            ),
        ]

    def lines(self) -> list[str]:
        """Return a line for each table and each index that changes."""
        return [
            *(f"{table}: distributed by {key}" for table, key in self.tables.items()),
            *(f"{index.name}: an index, no longer unique" for index in self.repeated),
            *(f"{table}: stays on the coordinator" for table in self.local),
        ]


def plan_of(catalog: Catalog, distributed: Iterable[str] = ()) -> Plan:
    """Return the plan for what is not `distributed` yet.

    Raises CannotDistribute for a key that leaves out the organization.
    """
    keys = {table: key for table, key in catalog.keys.items() if key}
    done = keys.keys() & set(distributed)
    repeated = [each for each in catalog.unique if _leaves_out(each, keys)]
    for index in repeated:
        if index.is_constraint:
            raise CannotDistribute(f"{index.name} of {index.table} does not name the organization")
    for key in catalog.foreign:
        _check(key, keys)
    order = _in_order(keys.keys() - done, catalog.foreign)
    later = {table: order[place:] for place, table in enumerate(order)}
    return Plan(
        tables={table: keys[table] for table in order},
        local=sorted(catalog.keys.keys() - keys.keys()),
        repeated=[each for each in repeated if each.table not in done],
        circular=[
            each
            for each in catalog.foreign
            if each.target != each.table and each.target in later.get(each.table, ())
        ],
    )


def _leaves_out(index: Index, keys: dict[str, str]) -> bool:
    return index.table in keys and keys[index.table] not in index.columns


def _check(key: ForeignKey, keys: dict[str, str]) -> None:
    """Raise CannotDistribute unless both ends name the organization, or none has one."""
    if key.table not in keys and key.target not in keys:
        return
    if f"{keys.get(key.table)}={keys.get(key.target)}" not in key.columns:
        raise CannotDistribute(f"{key.name} of {key.table} does not name the organization")


def _in_order(tables: Iterable[str], foreign: list[ForeignKey]) -> list[str]:
    """Return what is pointed at first; of a circle, what most others point at."""
    waits = {
        table: {key.target for key in foreign if key.table == table} & set(tables) - {table}
        for table in sorted(tables)
    }
    order: list[str] = []
    while waits:
        free = [table for table, others in waits.items() if not others & waits.keys()]
        wanted = Counter(other for others in waits.values() for other in others & waits.keys())
        table = free[0] if free else max(waits, key=wanted.__getitem__)
        del waits[table]
        order.append(table)
    return order


def _plain(index: Index) -> list[str]:
    return [f"DROP INDEX {index.name}", index.definition.replace("UNIQUE ", "", 1)]


def _distributed(table: str, key: str) -> str:
    colocated = "" if table == ORGANIZATION else f", colocate_with => '{ORGANIZATION}'"
    return f"SELECT create_distributed_table('{table}', '{key}'{colocated})"
