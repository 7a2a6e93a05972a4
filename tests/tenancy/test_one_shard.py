"""Which statements Citus can route to the one shard of their organization, by its own rules.

It routes what names one organization for every table, in the query that reads the table. So neither
an array of organizations does, nor what only another common table expression says. Each such
expression that inserts is planned by itself: github.com/citusdata/citus/pull/3654.
"""

from collections.abc import Iterator

import pglast
import pytest
from pglast import ast

from models import database as databases
from tests.tenancy.analysis import loose_tables
from tests.tenancy.levels import KEYS, nodes
from tests.tenancy.lists import EVERYWHERE, LOCKING, PIECES, SEVERAL
from tests.tenancy.test_statements import LOOSE, TEXTS, TIED

OF_ONE = TEXTS.keys() - EVERYWHERE.keys() - SEVERAL.keys() - PIECES
UNROUTED = {
    "SELECT FROM unnest($1::uuid[], $2::uuid[]) AS w(organization_id, id) JOIN customer c"
    " ON c.organization_id = w.organization_id AND c.id = w.id": ["customer c"],
    "SELECT FROM pool WHERE organization_id = ANY($1)": ["pool pool"],
    "WITH c AS (SELECT * FROM customer WHERE organization_id = $1)"
    " UPDATE seat s SET held = 0 FROM c WHERE s.organization_id = c.organization_id": ["seat s"],
    "WITH w AS (INSERT INTO customer (organization_id) VALUES ($1) RETURNING *)"
    " DELETE FROM seat s USING w WHERE s.organization_id = w.organization_id": ["seat s"],
}
# Their time is that after a wait for the row: a grace begins then, or a turn ends.
AFTER_A_WAIT = {
    "models.pools.pools.CHANGE",
    "models.organizations.calendar.NEW_VERSIONS",
    "models.organizations.absences.SAVE",
    "models.webhooks.pinging.TAKE_TURN",
}
TENANT_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND a.attname = 'organization_id'
"""
VOLATILE = """
SELECT DISTINCT proname FROM pg_proc WHERE provolatile = 'v' AND proname = ANY($1::text[])
"""


@pytest.mark.parametrize("sql", [each for each in TIED if each not in UNROUTED])
def test_what_names_one_organization_at_each_table_is_routed(sql: str) -> None:
    assert loose_tables(sql, one=True) == []


@pytest.mark.parametrize("sql", UNROUTED | LOOSE)
def test_what_does_not_is_named(sql: str) -> None:
    assert loose_tables(sql, one=True) == (UNROUTED | LOOSE)[sql]


@pytest.mark.parametrize("name", sorted(OF_ONE))
def test_a_statement_of_one_organization_is_routed_to_its_shard(name: str) -> None:
    assert loose_tables(TEXTS[name], one=True) == []


@pytest.mark.parametrize("name", sorted(SEVERAL))
def test_what_has_several_organizations_at_once_is_there_and_would_be_found(name: str) -> None:
    assert loose_tables(TEXTS[name], one=True) != []
    assert SEVERAL[name]


def test_most_statements_are_of_one_organization() -> None:
    assert len(OF_ONE) > 180


def test_those_of_several_organizations_that_lock_rows_are_these() -> None:
    """Citus refuses them: github.com/citusdata/citus/issues/4647."""
    several = EVERYWHERE.keys() | SEVERAL.keys()
    assert {name for name in several if locks_rows(TEXTS[name])} == LOCKING.keys()


async def test_no_table_of_an_organization_is_left_out(database: None) -> None:
    tenants = {row["relname"] for row in await databases.rows(TENANT_TABLES)}
    assert tenants | {"organization"} == KEYS.keys()


async def test_updates_that_call_a_volatile_function_are_these(database: None) -> None:
    """Citus refuses them."""
    called = {name: set(functions_of_updates(TEXTS[name])) for name in OF_ONE}
    rows = await databases.rows(VOLATILE, sorted(set().union(*called.values())))
    volatile = {row["proname"] for row in rows}
    assert {name for name, functions in called.items() if functions & volatile} == AFTER_A_WAIT


def locks_rows(sql: str) -> bool:
    """Whether it has a FOR UPDATE or the like, in whichever of its queries."""
    return next(nodes(tuple(pglast.parse_sql(sql)), ast.LockingClause), None) is not None


def functions_of_updates(sql: str) -> Iterator[str]:
    for statement in pglast.parse_sql(sql):
        for update in (*nodes(statement, ast.UpdateStmt), *updates_of_ctes(statement)):
            for call in nodes((update.targetList, update.whereClause), ast.FuncCall):
                yield call.funcname[-1].sval


def updates_of_ctes(statement: ast.RawStmt) -> Iterator[ast.UpdateStmt]:
    with_clause = statement.stmt.withClause
    for cte in with_clause.ctes if with_clause else ():
        yield from nodes(cte.ctequery, ast.UpdateStmt)
