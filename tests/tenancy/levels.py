"""One query of a statement: what it reads, and which columns are tied to an organization."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType

KEYS = {
    "organization": "id",
    "department": "organization_id",
    "member": "organization_id",
    "pool": "organization_id",
    "pool_rules": "organization_id",
    "pool_access": "organization_id",
    "seat": "organization_id",
    "customer": "organization_id",
    "event": "organization_id",
    "event_text": "organization_id",
    "export": "organization_id",
    "organization_calendar": "organization_id",
    "lookup": "organization_id",
    "sheet": "organization_id",
    "customer_key": "organization_id",
    "webhook": "organization_id",
    "webhook_delivery": "organization_id",
    "channel": "organization_id",
    "channel_delivery": "organization_id",
}
# `=` of two values or of two rows; and of a value and an array.
EQUALS = (A_Expr_Kind.AEXPR_OP,)
EQUALS_ANY = (*EQUALS, A_Expr_Kind.AEXPR_OP_ANY)
# Output column: whether it is tied. None stands for each column of a function over parameters.
Outputs = dict[str | None, bool]


@dataclass(eq=False)
class Source:
    """An entry of FROM: a table, or what has outputs of its own."""

    name: str
    table: str = ""
    outputs: Outputs = field(default_factory=dict)
    subquery: Any = None
    renamed: list[str] = field(default_factory=list)

    @property
    def key(self) -> str | None:
        return KEYS.get(self.table)

    def has(self, column: str) -> bool:
        return bool(self.table) or column in self.outputs or None in self.outputs


@dataclass(frozen=True)
class Column:
    source: Source
    name: str


@dataclass(frozen=True)
class Parameter:
    pass


Value = Column | Parameter | None


@dataclass
class Condition:
    """What must hold, and whose rows it leaves out; `shared` are the columns of USING."""

    node: Any
    filtered: list[Source]
    shared: list[tuple[Column, Column]] = field(default_factory=list)


@dataclass
class Level:
    """The sources of one query and what its conditions equate; `outer` is the query around it.

    Of `one` organization: an array ties nothing.
    """

    ctes: dict[str, Outputs]
    outer: Level | None
    one: bool = False
    sources: list[Source] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    tied: set[Column] = field(default_factory=set)

    def ties(self, value: Value) -> bool:
        if not isinstance(value, Column):
            return isinstance(value, Parameter)
        outputs = value.source.outputs
        return (
            outputs.get(value.name, outputs.get(None, False))
            or value in self.tied
            or bool(self.outer and self.outer.ties(value))
        )

    def spread(self) -> None:
        """Tie whatever equals what is tied."""
        before = -1
        while before != (before := len(self.tied)):
            for condition in self.conditions:
                shared = [
                    pair for pair in condition.shared if all(c.source.has(c.name) for c in pair)
                ]
                for one, other in (*shared, *self._equal(condition.node)):
                    self._tie(one, other, condition)
                    self._tie(other, one, condition)

    def _tie(self, column: Value, by: Value, condition: Condition) -> None:
        if isinstance(column, Column) and column.source in condition.filtered and self.ties(by):
            self.tied.add(column)

    def _equal(self, condition: Any) -> Iterator[tuple[Value, Value]]:
        """Only what must hold: conditions joined by AND."""
        if isinstance(condition, ast.BoolExpr) and condition.boolop == BoolExprType.AND_EXPR:
            for each in condition.args:
                yield from self._equal(each)
        elif equates(condition, EQUALS if self.one else EQUALS_ANY):
            sides = parts(condition.lexpr), parts(condition.rexpr)
            for one, other in zip(*sides, strict=False):
                yield self.value(one), self.value(other)

    def value(self, node: Any) -> Value:
        while isinstance(node, ast.TypeCast):
            node = node.arg
        if isinstance(node, ast.ParamRef):
            return Parameter()
        if isinstance(node, ast.ColumnRef) and isinstance(node.fields[-1], ast.String):
            names = [each.sval for each in node.fields]
            source = self.find(names[-1], names[-2] if len(names) > 1 else None)
            return Column(source, names[-1]) if source else None
        return None

    def find(self, column: str, name: str | None) -> Source | None:
        """The source of a column, of this query or of one around it."""
        for source in self.sources:
            if source.name == name if name else source.has(column):
                return source
        return self.outer.find(column, name) if self.outer else None

    def outputs(self, targets: Any) -> Outputs:
        found: Outputs = {}
        for n, target in enumerate(targets or ()):
            if isinstance(target.val, ast.ColumnRef) and isinstance(
                target.val.fields[-1], ast.A_Star
            ):
                names = [each.sval for each in target.val.fields[:-1]]
                for source in self.sources:
                    if not names or source.name == names[-1]:
                        found |= self.all_of(source)
            else:
                found[target.name or name_of(target.val) or f"?{n}"] = self.ties(
                    self.value(target.val)
                )
        return found

    def all_of(self, source: Source) -> Outputs:
        if source.key:
            return {source.key: self.ties(Column(source, source.key))}
        return {
            name: told or (name is not None and Column(source, name) in self.tied)
            for name, told in source.outputs.items()
        }


def equates(node: Any, kinds: tuple[A_Expr_Kind, ...]) -> bool:
    return isinstance(node, ast.A_Expr) and node.kind in kinds and node.name[-1].sval == "="


def parts(node: Any) -> list[Any]:
    return list(node.args) if isinstance(node, ast.RowExpr) else [node]


def name_of(node: Any) -> str | None:
    while isinstance(node, ast.TypeCast):
        node = node.arg
    return node.fields[-1].sval if isinstance(node, ast.ColumnRef) else None


def nodes(node: Any, kind: type[Any]) -> Iterator[Any]:
    """Those of a kind within a tree, but not within one another."""
    if isinstance(node, kind):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from nodes(each, kind)
    elif isinstance(node, ast.Node):
        for slot in type(node).__slots__:
            yield from nodes(getattr(node, slot), kind)
