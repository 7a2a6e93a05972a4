"""The code base as data: its modules, packages, imports and sizes, read by ast."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Folders that git does not track, and generated code.
APART = {".venv", "build", "data", ".codegen", "node_modules", "codegen", "generated"}
# Packages of their own: imported by their names.
CLIENTS = ("clients", "python")


class Module:
    """One Python file of the project."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text("utf-8")
        parts = path.relative_to(ROOT).with_suffix("").parts
        parts = parts[len(CLIENTS) :] if parts[: len(CLIENTS)] == CLIENTS else parts
        self.name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    @property
    def folder(self) -> Path:
        return self.path.parent.relative_to(ROOT)

    @property
    def package(self) -> str:
        """Its folder; a file beside the packages of a room is a package of its own."""
        has_packages = any(self.path.parent.glob("*/__init__.py"))
        return self.name if has_packages else ".".join(self.folder.parts) or self.name

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        return sum(bool(line.strip()) for line in self.text.splitlines())

    def imported(self) -> Iterator[str]:
        """Every name that it imports, wherever the import stands, typing imports counted."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name} imports relatively"
                assert node.module is not None
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def functions(self) -> Iterator[tuple[str, int]]:
        """Each function's name and its lines that are not blank."""
        lines = self.text.splitlines()
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                body = lines[node.lineno - 1 : node.end_lineno]
                yield f"{self.name}.{node.name}", sum(bool(line.strip()) for line in body)


@cache
def modules() -> Mapping[str, Module]:
    """Every module of the project by its dotted name, tests included."""
    return {module.name: module for module in map(Module, _files(ROOT))}


def _files(folder: Path) -> Iterator[Path]:
    """Without a look into folders that are apart: those of Node have thousands of others."""
    yield from folder.glob("*.py")
    for each in folder.iterdir():
        if each.is_dir() and each.name not in APART and not each.name.startswith("."):
            yield from _files(each)


def code() -> list[Module]:
    """The modules that a process runs: tests, benchmarks and migrations left out."""
    apart = ("tests", "benchmarks", "models.migrations")
    return [each for each in modules().values() if not each.name.startswith(apart)]


def module_graph() -> dict[str, set[str]]:
    """Which module imports which."""
    return {each.name: set(_known(each)) - {each.name} for each in code()}


def package_graph() -> dict[str, set[str]]:
    """Which package imports which other one."""
    graph: dict[str, set[str]] = {}
    for module, known in module_graph().items():
        package = modules()[module].package
        others = {modules()[name].package for name in known} - {package}
        graph.setdefault(package, set()).update(others)
    return graph


def _known(module: Module) -> Iterator[str]:
    for name in module.imported():
        owner = name.rpartition(".")[0]
        if name in modules():
            yield name
        elif owner in modules():
            yield owner


def cycles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of nodes that reach each other, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in graph:
        if node not in index:
            visit(node)
    return found
