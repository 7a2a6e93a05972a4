"""Which rooms there are, and which may know of which; derived from the files themselves."""

import ast

import pytest

from tests.house.code import code, cycles, module_graph, modules, package_graph

EVERYTHING = {
    "addresses",
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
    "addresses": set[str](),
    "app": {"schema", "models", "settings"},
    "schema": {"models", "settings"},
    "workers": {"models", "settings"},
    "models": {"addresses", "settings"},
    "engines": {"settings"},
    "settings": {"addresses"},
    "commands": EVERYTHING - {"manage", "benchmarks"},
    "manage": EVERYTHING,
    "benchmarks": EVERYTHING,
    "seapool_client": set[str](),
    "tests": EVERYTHING | {"seapool_client"},
}
BUCKETS = {"common", "helper", "helpers", "manager", "misc", "service", "services", "util", "utils"}
OUTSIDE_MODELS = {"fastapi", "starlette", "strawberry", "graphql", "uvicorn", "typer"}
# What only models/database may touch: Tortoise's inside and its connections.
INSIDE_TORTOISE = {"_init_from_db", "execute_query", "execute_query_dict", "get_connection"}
# Inside models: whoever stands on the right knows nothing of those on its left.
LAYERS = (
    ("models.exports",),
    ("models.pools", "models.organizations", "models.erasure"),
    ("models.ownership", "models.distribution"),
    ("models.taking", "models.holding"),
    ("models.ledger",),
    ("models.viewers",),
    ("models.tables",),
    ("models.rules",),
    ("models.texts",),
)


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_knows_only_those_it_may(room: str) -> None:
    mine = [each for each in modules().values() if each.room == room]
    known = {name.partition(".")[0] for each in mine for name in each.imported()}
    assert known & ARROWS.keys() - {room} <= ARROWS[room]


def test_there_is_no_room_that_the_design_does_not_show() -> None:
    assert {each.room for each in modules().values()} == ARROWS.keys()


def test_models_know_neither_the_web_nor_the_worker() -> None:
    known = {name for each in code() if each.room == "models" for name in each.imported()}
    assert not {name.partition(".")[0] for name in known} & OUTSIDE_MODELS
    assert not {name for name in known if name.startswith(("arq.worker", "arq.cron"))}


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert cycles(module_graph()) == []


def test_no_packages_import_each_other_in_a_circle() -> None:
    assert cycles(package_graph()) == []


def test_a_circle_would_be_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert cycles(graph) == [["b", "c"]]


def test_inside_models_nobody_knows_a_layer_above_its_own() -> None:
    graph = package_graph()
    for n, layer in enumerate(LAYERS):
        above = {package for upper in LAYERS[:n] for package in upper}
        for package in layer:
            assert not graph[package] & above, package


def test_only_the_database_package_knows_tortoises_inside() -> None:
    # Its pool of redis-py has a get_connection too.
    others = [each for each in code() if each.name != "models.queue.round_trip"]
    touching = {
        each.name
        for each in others
        for node in ast.walk(each.tree)
        if (isinstance(node, ast.Attribute) and node.attr in INSIDE_TORTOISE)
        or (isinstance(node, ast.alias) and node.name in INSIDE_TORTOISE)
    }
    assert {name.rpartition(".")[0] for name in touching} == {"models.database"}


def test_rows_become_models_by_one_door() -> None:
    inside = ("_init_from_db", "_saved_in_db")
    doors = {each.name for each in code() if any(name in each.text for name in inside)}
    assert doors == {"models.database.door"}


def test_advisory_locks_are_taken_in_one_package_and_numbered_in_one_enum() -> None:
    asking = {str(each.folder) for each in code() if "advisory" in _sql(each.tree)}
    assert asking == {"models/database"}
    numbered = {each.name for each in code() if any(map(_is_lock_number, ast.walk(each.tree)))}
    assert numbered == {"models.database.locks"}


def test_no_file_is_a_bucket() -> None:
    found = [each.path for each in modules().values()]
    assert [path for path in found if set(path.stem.split("_")) & BUCKETS] == []


def _sql(tree: ast.Module) -> str:
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return " ".join(text for text in texts if isinstance(text, str) and "pg_" in text)


def _is_lock_number(node: ast.AST) -> bool:
    """Whether it is a number of the range that advisory locks use."""
    return isinstance(node, ast.Constant) and (
        isinstance(node.value, int) and 0x5EA000 <= node.value <= 0x5EAFFF
    )
