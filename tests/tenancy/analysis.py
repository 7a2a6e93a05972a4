"""Which tables of a statement are not tied to its organization.

A table is tied where its `organization_id` equals a parameter, or the `organization_id` of what is
tied: another table, a common table expression, a subquery, a query around it.
"""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pglast
from pglast import ast
from pglast.enums import JoinType, SetOperation

from tests.tenancy.levels import KEYS, Column, Condition, Level, Outputs, Source, nodes

# Whose rows a join's condition leaves out: of an outer join not those of the side that is kept.
FILTERED: dict[Any, Callable[[list[Source], list[Source]], list[Source]]] = {
    JoinType.JOIN_INNER: lambda left, right: left + right,
    JoinType.JOIN_LEFT: lambda left, right: right,
    JoinType.JOIN_RIGHT: lambda left, right: left,
    JoinType.JOIN_FULL: lambda left, right: [],
}


def loose_tables(sql: str, free: Iterable[str] = (), *, one: bool = False) -> list[str]:
    """As "cte: table alias", of those that `free` does not name.

    `one`: where the statement itself shows that all rows are of one organization, at each table
    anew; neither arrays nor what another common table expression puts out tie a table then.
    Raises pglast.Error where the text is no SQL.
    """
    analysis = Analysis(free, one)
    for raw in pglast.parse_sql(sql):
        analysis.query(raw.stmt, {}, None, "")
    return sorted(analysis.loose)


class Analysis:
    def __init__(self, free: Iterable[str], one: bool) -> None:
        self.free = frozenset(free)
        self.one = one
        self.loose = set[str]()

    def query(
        self, statement: Any, known: dict[str, Outputs], outer: Level | None, path: str
    ) -> Outputs:
        """What it puts out; notes what it reads untied."""
        ctes = dict(known)
        for cte in statement.withClause.ctes if statement.withClause else ():
            inner = self.query(cte.ctequery, ctes, outer, f"{path}{cte.ctename}: ")
            ctes[cte.ctename] = renamed(inner, cte.aliascolnames)
        if isinstance(statement, ast.SelectStmt) and statement.op != SetOperation.SETOP_NONE:
            left, right = (
                self.query(side, ctes, outer, path) for side in (statement.larg, statement.rarg)
            )
            pairs = zip(left.items(), right.values(), strict=False)
            return {name: one and other for (name, one), other in pairs}
        level = Level(ctes, outer, self.one)
        if isinstance(statement, ast.InsertStmt):
            return self._insert(statement, level, path)
        return self._read(statement, level, path)

    def _read(self, statement: Any, level: Level, path: str) -> Outputs:
        """A SELECT, an UPDATE or a DELETE."""
        target = getattr(statement, "relation", None)
        beside = getattr(statement, "fromClause", None) or getattr(statement, "usingClause", None)
        for item in (*([target] if target else []), *(beside or ())):
            self._add(item, level)
        level.conditions.append(Condition(statement.whereClause, level.sources))
        self._tie(level, path)
        slots = set(type(statement).__slots__) - {"withClause", "fromClause", "relation"}
        for link in nodes(tuple(getattr(statement, slot) for slot in slots), ast.SubLink):
            self.query(link.subselect, level.ctes, level, path)
        joins = tuple(condition.node for condition in level.conditions[:-1])
        for link in nodes(joins, ast.SubLink):
            self.query(link.subselect, level.ctes, level, path)
        if isinstance(statement, ast.SelectStmt):
            if statement.valuesLists:
                row = statement.valuesLists[0]
                return {f"column{n + 1}": level.ties(level.value(v)) for n, v in enumerate(row)}
            return level.outputs(statement.targetList)
        return level.outputs(statement.returningClause and statement.returningClause.exprs)

    def _insert(self, statement: Any, level: Level, path: str) -> Outputs:
        """Its target carries the organization that is written."""
        written = self.query(statement.selectStmt, level.ctes, level.outer, path)
        columns = [column.name for column in statement.cols or ()]
        values = dict(zip(columns, written.values(), strict=False))
        target = source_of(statement.relation, {})
        level.sources.append(target)
        if target.key and (values.get(target.key) or written.get(None)):
            level.tied.add(Column(target, target.key))
        return level.outputs(statement.returningClause and statement.returningClause.exprs)

    def _add(self, item: Any, level: Level) -> None:
        if not isinstance(item, ast.JoinExpr):
            source = source_of(item, level.ctes)
            if self.one:
                source.outputs = dict.fromkeys(source.outputs, False)
            level.sources.append(source)
            return
        start = len(level.sources)
        self._add(item.larg, level)
        middle = len(level.sources)
        self._add(item.rarg, level)
        left, right = level.sources[start:middle], level.sources[middle:]
        shared = [
            (Column(one, name.sval), Column(other, name.sval))
            for name in item.usingClause or ()
            for one, other in product(left, right)
        ]
        filtered = FILTERED[item.jointype](left, right)
        level.conditions.append(Condition(item.quals, filtered, shared))

    def _tie(self, level: Level, path: str) -> None:
        """In as many rounds as there are sources: what one puts out may tie the one beside it."""
        for source in level.sources:
            if source.key and f"{path}{source.table} {source.name}" in self.free:
                level.tied.add(Column(source, source.key))
        for _ in level.sources:
            level.spread()
            for source in level.sources:
                if source.subquery:
                    source.outputs = self._outputs(
                        source, level, path, Analysis(self.free, self.one)
                    )
        for source in level.sources:
            if source.subquery:
                self._outputs(source, level, path, self)
            if source.key and not level.ties(Column(source, source.key)):
                self.loose.add(f"{path}{source.table} {source.name}")

    def _outputs(self, source: Source, level: Level, path: str, by: "Analysis") -> Outputs:
        inner = f"{path}{source.name}: " if source.name else path
        found = by.query(source.subquery, level.ctes, level, inner)
        return renamed(found, source.renamed)


def source_of(item: Any, ctes: dict[str, Outputs]) -> Source:
    name = item.alias.aliasname if item.alias else ""
    if isinstance(item, ast.RangeSubselect):
        columns = item.alias.colnames if item.alias else None
        return Source(name, subquery=item.subquery, renamed=[c.sval for c in columns or ()])
    if isinstance(item, ast.RangeVar):
        if item.relname in ctes and not item.schemaname:
            return Source(name or item.relname, outputs=dict(ctes[item.relname]))
        return Source(name or item.relname, item.relname if item.relname in KEYS else "-")
    if isinstance(item, ast.RangeFunction):
        of_parameters = not any(nodes(item.functions, ast.ColumnRef))
        return Source(name, outputs={None: of_parameters})
    raise AssertionError(f"FROM {type(item).__name__} is not understood")


def renamed(outputs: Outputs, names: Any) -> Outputs:
    """By the names of an alias, in their order."""
    told = [getattr(name, "sval", name) for name in names or ()]
    if not told:
        return outputs
    return dict(zip(told, outputs.values(), strict=False))
