"""Short, stable names of SQL statements: the constant that holds one, else what it does to what.

The statement TAKE of models/taking/take_statement.py is `taking.take_statement.TAKE`. One that is
put together at run time, or by Tortoise, is `SELECT customer`.
"""

import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType

ROOM = "models."
VERB = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|SET|LOCK)\b")
TARGET = re.compile(r'\b(?:FROM|INTO|UPDATE|TABLE)\s+(?:ONLY\s+)?"?([a-z_]\w*)', re.IGNORECASE)
MOST_KNOWN = 2_000


@lru_cache(maxsize=MOST_KNOWN)
def name_of(sql: str) -> str:
    return constants(len(sys.modules)).get(sql) or _summary(sql)


@lru_cache(maxsize=1)
def constants(modules: int) -> dict[str, str]:
    """Return names by statement, of the `modules` that are loaded by now."""
    holders = defaultdict(list)
    for module, constant, sql in _held():
        holders[sql].append((module, constant))
    return {sql: _name(found) for sql, found in holders.items()}


def _held() -> Iterator[tuple[ModuleType, str, str]]:
    for name, module in sorted(sys.modules.items()):
        if name.startswith(ROOM) and isinstance(module, ModuleType):
            for constant, value in vars(module).items():
                if constant.isupper() and isinstance(value, str) and VERB.search(value):
                    yield module, constant, value


def _name(holders: list[tuple[ModuleType, str]]) -> str:
    """Of the module that defines it, not of one that imports it."""
    found = holders[0]
    if len(holders) > 1:
        found = next((each for each in holders if _defines(*each)), found)
    module, constant = found
    return f"{module.__name__.removeprefix(ROOM)}.{constant}"


def _defines(module: ModuleType, constant: str) -> bool:
    return re.search(rf"^{constant}\b.* = ", inspect.getsource(module), re.MULTILINE) is not None


def _summary(sql: str) -> str:
    """The verb, and the first table after it."""
    upper = VERB.search(sql.upper())
    verb = upper[1] if upper else "SQL"
    target = TARGET.search(sql)
    return f"{verb} {target[1]}" if target else verb
