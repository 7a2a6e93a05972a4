"""The house of DESIGN: which rooms there are, and which may know of which."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EVERYTHING = {
    "app",
    "benchmarks",
    "commands",
    "engines",
    "manage",
    "models",
    "schema",
    "settings",
    "workers",
}
# Room: whom it may know besides itself.
ARROWS = {
    "app": {"schema", "models", "settings"},
    "schema": {"models", "settings"},
    "workers": {"models", "settings"},
    "models": {"settings"},
    "engines": {"settings"},
    "settings": set[str](),
    "commands": EVERYTHING,
    "manage": EVERYTHING,
    "benchmarks": EVERYTHING,
    "tests": EVERYTHING,
}
BUCKETS = {"common", "helper", "helpers", "manager", "misc", "service", "services", "util", "utils"}
OUTSIDE_MODELS = {"fastapi", "starlette", "strawberry", "graphql", "uvicorn", "typer"}


def rooms() -> set[str]:
    files = {path.stem for path in ROOT.glob("*.py")}
    return files | {path.parent.name for path in ROOT.glob("[a-z]*/*.py")} - {"data", "build"}


def files_of(room: str) -> list[Path]:
    alone = ROOT / f"{room}.py"
    return [alone] if alone.exists() else sorted((ROOT / room).rglob("*.py"))


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def known_to(room: str) -> set[str]:
    return {name for path in files_of(room) for name in imported_by(path)}


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_knows_only_those_it_may(room: str) -> None:
    known = {name.split(".")[0] for name in known_to(room)} & ARROWS.keys()
    assert known - {room} <= ARROWS[room]


def test_schema_and_workers_never_meet() -> None:
    assert not any(name.split(".")[0] == "workers" for name in known_to("schema"))
    assert not any(name.split(".")[0] == "schema" for name in known_to("workers"))


def test_models_know_neither_the_web_nor_the_worker() -> None:
    known = known_to("models")
    assert not {name.split(".")[0] for name in known} & OUTSIDE_MODELS
    assert not {name for name in known if name.startswith(("arq.worker", "arq.cron"))}


def test_there_is_no_room_that_the_design_does_not_show() -> None:
    assert rooms() == ARROWS.keys()


def test_no_file_is_a_bucket() -> None:
    found = [path for room in ARROWS for path in files_of(room)]
    assert len(found) > len(ARROWS)
    assert [path for path in found if set(path.stem.split("_")) & BUCKETS] == []
