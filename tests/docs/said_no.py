"""Each way to say no, as the code has it: codes with their fields, statuses and close codes."""

import ast
import importlib
import inspect
from collections import defaultdict
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from strawberry.http import async_base_view
from strawberry.subscriptions.protocols.graphql_transport_ws import handlers
from uvicorn.protocols.websockets import websockets_sansio_impl
from websockets import protocol
from websockets.frames import CloseCode

from schema.execution.bodies import refused
from tests.support.running import ROOT

# No frame has it: the connection just ends.
NOT_SENT = {CloseCode.ABNORMAL_CLOSURE}
CLOSES = {"close", "fail", "send_close"}


def codes() -> dict[str, set[str]]:
    """Each `extensions.code` of the API, with what else its `extensions` have."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, tree in _modules():
        for each in ast.walk(tree):
            if isinstance(each, ast.Dict):
                keys = [_text(key) for key in each.keys]
                if "code" in keys:
                    value = each.values[keys.index("code")]
                    for code in _codes_of(value, module):
                        found[code] |= {*keys} - {"code", ""}
    return found


def _text(key: ast.expr | None) -> str:
    return str(key.value) if isinstance(key, ast.Constant) else ""


def _codes_of(value: ast.expr, module: ModuleType) -> set[str]:
    match ast.unparse(value):
        case "type(refusal).__name__":
            # The refusals are types of the schema.
            return set()
        case "code":
            classes = [each for _, each in inspect.getmembers(refused, inspect.isclass)]
            return {each.code for each in classes if issubclass(each, refused.Refused)}
    code = _value(value, module)
    assert isinstance(code, str), f"{module.__name__}: {ast.unparse(value)}"
    return {code}


def statuses() -> set[int]:
    """Each status of an answer that is no success."""
    found = set()
    for module, tree in _modules():
        for each in ast.walk(tree):
            for value in _places_of_statuses(each):
                for part in ast.walk(value):
                    if isinstance(part, ast.Constant | ast.Attribute):
                        found.add(_value(part, module))
    return {int(each) for each in found if isinstance(each, int) and 400 <= each < 600}


def _places_of_statuses(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func).lower()
        if name.endswith(("response", "exception", "refusal")):
            yield from (*node.args, *(each.value for each in node.keywords))
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = " ".join(map(ast.unparse, targets)).lower()
        if "status" in names or names == "whole":
            yield node.value


def close_codes() -> set[int]:
    """Each code by which the API or the libraries of its websockets close one."""
    libraries = (handlers, async_base_view, websockets_sansio_impl, protocol)
    parsed = [(each, ast.parse(inspect.getsource(each))) for each in libraries]
    found = {int(CloseCode.NORMAL_CLOSURE)}
    for module, tree in [*_modules(), *parsed]:
        for each in ast.walk(tree):
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
                given = [*each.args, *(k.value for k in each.keywords if k.arg == "code")]
                if each.func.attr in CLOSES and given:
                    code = _value(given[0], module)
                    found |= {int(code)} if isinstance(code, int) else set()
    return found - NOT_SENT


def _value(node: ast.expr, module: ModuleType) -> Any:
    """Return what a constant is, or a name in its module; None for what a caller gives."""
    if isinstance(node, ast.Constant):
        return node.value
    first, *others = ast.unparse(node).split(".")
    value = getattr(module, first, None)
    for each in others:
        value = getattr(value, each, None)
    return value


def _modules() -> Iterator[tuple[ModuleType, ast.Module]]:
    for path in sorted((ROOT / "schema").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield importlib.import_module(name), ast.parse(path.read_text("utf-8"))
