"""Every text that a person may read has its Chinese; found by walking the code."""

import ast
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from models import refusals
from models.alerts import wording
from models.ledger import outcomes
from models.refusals import CoolingDown, Forbidden, InvalidInput, Problem
from models.texts.chinese import CHINESE
from models.texts.text import Language, Reader, Text, render

ROOT = Path(__file__).parents[3]
# Which argument of whom is a text for people.
SINKS = {"Answer": 1, "BadValue": 0, "Forbidden": 0, "Problem": 1, "Text": 0}
# They make texts anew of such as were written elsewhere.
NOT_WALKED = {"models/texts/text.py", "models/ledger/outcomes.py"}
# Tables of texts, which are looked at as they are.
TABLES = ("self.words", "RELEASED[", "OTHERS[", "TO_BE_RELEASED[")
# Texts that come from where they were found already.
HANDED_ON = ("only.message", "wrong.message", "error.args[0]")
IN_SHANGHAI = Reader(Language.CHINESE, "Asia/Shanghai")


class Walk:
    """One module: its literals that reach a sink, also by a variable, a function's parameter or
    what a function returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text("utf-8"))
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        self.functions = [each for each in ast.walk(self.tree) if isinstance(each, kinds)]

    def texts(self) -> Iterator[str]:
        for name, place in SINKS.items():
            yield from self._handed(name, place)

    def _handed(self, callee: str, place: int) -> Iterator[str]:
        """What calls of this function hand it at this place."""
        for scope, call in self._calls(callee):
            if len(call.args) > place:
                yield from self._of(call.args[place], scope)

    def _calls(self, callee: str) -> Iterator[tuple[ast.AST, ast.Call]]:
        inside = {id(node): each for each in self.functions for node in ast.walk(each)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == callee:
                yield inside.get(id(node), self.tree), node

    def _of(self, value: ast.expr, scope: ast.AST) -> Iterator[str]:
        match value:
            case ast.Constant(value=str(text)):
                yield text
            case ast.Constant(value=None):
                pass
            case ast.Name(id=name):
                yield from self._named(name, scope)
            case ast.BoolOp(values=values):
                for each in values:
                    yield from self._of(each, scope)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._of(body, scope)
                yield from self._of(orelse, scope)
            case ast.Call(func=ast.Name(id="Text")):
                pass
            case ast.Call(func=ast.Name(id=name)):
                yield from self._returned(name)
            case ast.Call(func=ast.Attribute(attr=name)) if any(
                each.name == name for each in self.functions
            ):
                yield from self._returned(name)
            case _:
                words = ast.unparse(value)
                where = f"{self.path}:{value.lineno}"
                assert words.startswith(TABLES + HANDED_ON), (
                    f"{where} is no text to translate: {words}"
                )

    def _named(self, name: str, scope: ast.AST) -> Iterator[str]:
        parameters = (
            scope.args.args if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)) else []
        )
        names = [each.arg for each in parameters]
        given = list(self._assigned(name, scope)) or list(self._assigned(name, self.tree))
        for value in given:
            yield from self._of(value, scope)
        if not given and name in names:
            assert isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef))
            yield from self._handed(scope.name, names.index(name))
        elif not given:
            yield from self._imported(name)

    def _assigned(self, name: str, scope: ast.AST) -> Iterator[ast.expr]:
        for node in ast.walk(scope):
            if (
                isinstance(node, ast.Assign)
                and name in [getattr(each, "id", None) for each in node.targets]
            ) or (isinstance(node, ast.NamedExpr) and node.target.id == name):
                yield node.value

    def _returned(self, function: str) -> Iterator[str]:
        found = [each for each in self.functions if each.name == function]
        if not found:
            yield from self._imported(function)
        for each in found:
            for node in ast.walk(each):
                if isinstance(node, ast.Return) and node.value:
                    yield from self._of(node.value, each)

    def _imported(self, name: str) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and name in [each.name for each in node.names]:
                assert node.module
                other = Walk(ROOT / f"{node.module.replace('.', '/')}.py")
                yield from other._returned(name)
                yield from (
                    each
                    for value in other._assigned(name, other.tree)
                    for each in other._of(value, other.tree)
                )
                return
        raise AssertionError(f"{self.path}: where does {name} come from?")


@lru_cache
def texts() -> frozenset[str]:
    walked = {
        text
        for room in ("models", "schema", "workers")
        for path in sorted((ROOT / room).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in NOT_WALKED
        for text in Walk(path).texts()
    }
    ordinary = {kind.words for kind in refusals.Refusal.__subclasses__() if hasattr(kind, "words")}
    tables = (wording.TO_BE_RELEASED, wording.RELEASED, wording.OTHERS)
    told = {text for table in tables for text in table.values()}
    return frozenset(walked | ordinary | told | {Forbidden().why})


def test_no_text_lacks_a_translation() -> None:
    assert sorted(texts() - CHINESE.keys()) == []


def test_there_is_no_translation_of_what_nobody_says() -> None:
    assert sorted(CHINESE.keys() - texts()) == []


def test_the_walk_finds_texts_wherever_they_are_written() -> None:
    assert {
        "Only managers and admins create pools.",
        "must be no longer than maxHold",
        "must be no longer than {most} characters",
        "is the same as in line {line}",
        "say why, in 1 to {most} characters",
        "was used for another request; use a new key for each request",
        "Something went wrong on our side. Quote the request id {id}.",
        "{remedy} You may also ask for an extension.",
        "there was no answer within {seconds:g} s",
        "it answered {status}: redirects are not followed",
        "it can't be posted: {fault}",
        "must be a decimal number, e.g. 1280.50",
        "must be no longer than P36500D",
    } <= texts()


@pytest.mark.parametrize("english", sorted(CHINESE))
def test_a_translation_tells_the_same_facts(english: str) -> None:
    assert facts(CHINESE[english]) == facts(english)
    assert any("一" <= sign <= "鿿" for sign in CHINESE[english].format_map(Anything())) or (
        english == "{path}: {problem}"
    )


class Anything(dict[str, int]):
    def __missing__(self, key: str) -> int:
        return 0


def facts(template: str) -> set[tuple[str, str]]:
    return {(name, form or "") for _, name, form, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize(
    ("at", "english", "chinese"),
    [
        ((8, 0, 0, 0), "23 November 2026, 16:00 (UTC+8)", "2026年11月23日 16:00"),
        ((8, 0, 7, 1), "23 November 2026, 16:00:08 (UTC+8)", "2026年11月23日 16:00:08"),
        ((16, 30, 0, 0), "24 November 2026, 00:30 (UTC+8)", "2026年11月24日 00:30"),
    ],
)
def test_a_moment_is_local_and_never_before_it_is_true(
    at: tuple[int, int, int, int], english: str, chinese: str
) -> None:
    refusal = CoolingDown(datetime(2026, 11, 23, *at, tzinfo=UTC))
    reader = Reader(Language.ENGLISH, "Asia/Shanghai")
    assert refusal.said_to(reader).endswith(f"claim it again from {english}.")
    assert f"，{chinese}（UTC+8）起可再次领取" in refusal.said_to(IN_SHANGHAI)


def test_what_has_no_translation_is_said_as_it_stands() -> None:
    assert render("没有{需求}", IN_SHANGHAI) == "没有{需求}"
    assert Text("{name} has left and can't be given customers.", name="{x}").startswith("{x} has")


def test_a_kept_refusal_is_said_in_either_language() -> None:
    problem = Problem("note", Text("must have 1 to {most} characters", most=500))
    for kept in (
        InvalidInput((problem,)),
        Forbidden(Text("{name} has left and can't be given customers.", name="韩梅梅")),
        Forbidden("Only managers and admins create pools."),
        CoolingDown(datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ):
        again = outcomes.from_json(outcomes.to_json(kept), {})
        assert isinstance(again, refusals.Refusal)
        assert again == kept
        assert again.said_to(IN_SHANGHAI) == kept.said_to(IN_SHANGHAI) != kept.message
