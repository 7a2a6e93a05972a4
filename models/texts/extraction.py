"""Finds the sentences in the code: the extraction method of `pybabel extract`.

A sentence is a string that reaches one of SINKS: directly, by a variable, a table, a function's
parameter or what a function returns, in any module.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any

from models.texts.parsed_modules import Function, Module, last_name, parsed_modules

# Name of a callable: which argument is a sentence.
SINKS = {"Answer": 1, "BadValue": 0, "Forbidden": 0, "Problem": 1, "Text": 0}
# Attributes of a class whose values are sentences.
CLASS_ATTRIBUTES = {"words", "why"}
# Expressions with a sentence that reached a sink elsewhere, or comes from the ledger.
KNOWN_ATTRIBUTES = {"args", "message", "why", "words"}
KNOWN_CALLS = {"Text", "from_json"}

Extracted = tuple[int, None, str, list[str]]


def sentences(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[Extracted]:
    """The sentences of one file, as babel takes them: line, function, message, comments."""
    found = _found_everywhere().get(Path(file.name).resolve(), set())
    for node in sorted(found, key=lambda each: each.lineno):
        yield node.lineno, None, str(node.value), []


@cache
def _found_everywhere() -> dict[Path, set[ast.Constant]]:
    search = _Search(parsed_modules())
    search.run()
    return search.found


class _Search:
    def __init__(self, modules: dict[str, Module]) -> None:
        self.found: dict[Path, set[ast.Constant]] = {}
        self._modules = modules
        self._seen: set[ast.AST] = set()

    def run(self) -> None:
        for module in self._modules.values():
            for name in CLASS_ATTRIBUTES:
                for value in module.class_attributes(name):
                    self._follow(module, value)
            for name, index in SINKS.items():
                self._follow_arguments(module, name, index)

    def _follow_arguments(self, module: Module, name: str, index: int, keyword: str = "") -> None:
        for call in module.calls[name]:
            given = [each.value for each in call.keywords if each.arg == keyword]
            for argument in [*call.args[index : index + 1], *given]:
                self._follow(module, argument)

    def _follow(self, module: Module, value: ast.expr) -> None:
        if value in self._seen:
            return
        self._seen.add(value)
        match value:
            case ast.Constant(value=str()):
                self.found.setdefault(module.path, set()).add(value)
            case ast.Constant(value=None):
                pass
            case ast.Attribute(attr=name) if name in KNOWN_ATTRIBUTES:
                pass
            case ast.Call(func=function):
                if last_name(function) not in KNOWN_CALLS:
                    self._follow_result(module, last_name(function))
            case ast.Name(id=name):
                self._follow_name(module, value, name)
            case _:
                for part in _parts(module, value):
                    self._follow(module, part)

    def _follow_name(self, module: Module, node: ast.AST, name: str) -> None:
        scope = module.scopes.get(node)
        if values := (scope and module.assigned(name, scope)):
            self._follow_all(module, values)
        elif isinstance(scope, Function) and name in _parameters(scope):
            self._follow_parameter(module, scope, name)
        elif values := module.assigned(name, module.tree):
            self._follow_all(module, values)
        else:
            self._follow_import(module, name)

    def _follow_all(self, module: Module, values: list[ast.expr]) -> None:
        for value in values:
            self._follow(module, value)

    def _follow_parameter(self, module: Module, function: Function, name: str) -> None:
        """Follows the arguments for this parameter in the calls that can mean this function."""
        parameters = _parameters(function)
        index = parameters.index(name) - (parameters[0] in ("self", "cls"))
        for other in self._modules.values():
            imported = other.imports.get(function.name) == module.name
            if other is module or imported or not function.name.startswith("_"):
                self._follow_arguments(other, function.name, index, name)

    def _follow_result(self, module: Module, function: str) -> None:
        for each in module.functions[function]:
            self._follow_all(module, module.returned(each))
        if not module.functions[function]:
            self._follow_import(module, function)

    def _follow_import(self, module: Module, name: str) -> None:
        source = self._modules.get(module.imports.get(name, ""))
        assert source, f"{module.path}: where does {name} come from?"
        if values := source.assigned(name, source.tree):
            self._follow_all(source, values)
        else:
            self._follow_result(source, name)


def _parts(module: Module, value: ast.expr) -> list[ast.expr]:
    match value:
        case ast.BoolOp(values=parts) | ast.Dict(values=parts):
            return parts
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.NamedExpr(value=part) | ast.Subscript(value=part):
            return [part]
    raise AssertionError(f"{module.path}:{value.lineno} is no sentence: {ast.unparse(value)}")


def _parameters(function: Function) -> list[str]:
    return [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
