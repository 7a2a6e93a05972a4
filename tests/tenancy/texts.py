"""The SQL texts of the code: constants of modules, and what was really sent to the database."""

import ast
import functools
import importlib
import logging
import re
import sys
from collections.abc import Iterator

from tests.house.code import Module, code

ROOMS = ("models", "schema", "workers")
SQL = re.compile(r"^\s*(--[^\n]*\n\s*)*\(*\s*(WITH|SELECT|INSERT|UPDATE|DELETE|MERGE)\b")
HOLE = re.compile(r"\{\w+\}")


@functools.cache
def constants() -> dict[str, str]:
    """By "module.NAME": each text in the module that assigns it, also those within a container."""
    return {
        f"{module.name}.{name}": text
        for module in code()
        if module.room in ROOMS
        for name in assigned(module)
        for text in texts(getattr(importlib.import_module(module.name), name, None))
    }


def templates() -> set[str]:
    """Those with a hole to be filled: what comes of them is looked at instead."""
    return {name for name, text in constants().items() if HOLE.search(text)}


def assigned(module: Module) -> Iterator[str]:
    for node in module.tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and SQL.match(value):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in texts(each))
    elif isinstance(value, tuple | list | set | frozenset):
        yield from (text for each in value for text in texts(each))


class Sent(logging.Handler):
    """What Tortoise sends, each text once, with the outermost function of `models` that asked.

    What a test asks of the database itself is left out, and so is what a constant says.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._seen = set(constants().values())
        self.new: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.args[0] if isinstance(record.args, tuple) and record.args else None
        if isinstance(text, str) and text not in self._seen and SQL.match(text):
            asked_by = _asked_by()
            if asked_by and not asked_by.startswith("models.database.statements"):
                self._seen.add(text)
                self.new.append((asked_by, text))


def _asked_by() -> str | None:
    frame, found = sys._getframe(), None
    while frame.f_back:
        frame = frame.f_back
        name = frame.f_globals.get("__name__", "")
        if name.startswith("models."):
            found = f"{name}.{frame.f_code.co_name}"
    return found
