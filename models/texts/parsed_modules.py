"""The syntax trees of models, schema and workers, for the extraction of sentences."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "schema", "workers")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Assignment = ast.Assign | ast.AnnAssign | ast.NamedExpr


def parsed_modules() -> dict[str, "Module"]:
    """By dotted name; without this package, whose parameters are all sentences."""
    ours = Path(__file__).parent
    paths = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    modules = [Module(path) for path in paths if path.parent != ours]
    return {module.name: module for module in modules}


class Module:
    def __init__(self, path: Path) -> None:
        parts = path.relative_to(ROOT).with_suffix("").parts
        self.path = path
        self.name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self.tree = ast.parse(path.read_text("utf-8"))
        self.calls: dict[str, list[ast.Call]] = defaultdict(list)
        self.functions: dict[str, list[Function]] = defaultdict(list)
        self.imports: dict[str, str] = {}
        # By node: the innermost function around it.
        self.scopes: dict[ast.AST, Function] = {}
        for node in ast.walk(self.tree):
            self._index(node)

    def _index(self, node: ast.AST) -> None:
        match node:
            case ast.Call():
                self.calls[last_name(node.func)].append(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.functions[node.name].append(node)
                self.scopes.update(dict.fromkeys(ast.walk(node), node))
            case ast.ImportFrom(module=str(source)):
                self.imports.update({each.name: source for each in node.names})

    def class_attributes(self, name: str) -> list[ast.expr]:
        classes = [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]
        return [value for each in classes for value in _assigned(name, each.body)]

    def assigned(self, name: str, scope: ast.AST) -> list[ast.expr]:
        """The values that this name gets anywhere in the scope."""
        return _assigned(name, ast.walk(scope))

    def returned(self, function: Function) -> list[ast.expr]:
        returns = [node for node in ast.walk(function) if isinstance(node, ast.Return)]
        return [node.value for node in returns if node.value]


def _assigned(name: str, nodes: Iterable[ast.AST]) -> list[ast.expr]:
    assignments = (each for each in nodes if isinstance(each, Assignment))
    return [each.value for each in assignments if each.value and name in _targets(each)]


def _targets(assignment: Assignment) -> list[str]:
    if isinstance(assignment, ast.Assign):
        return [last_name(each) for each in assignment.targets]
    return [last_name(assignment.target)]


def last_name(dotted: ast.AST) -> str:
    match dotted:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
