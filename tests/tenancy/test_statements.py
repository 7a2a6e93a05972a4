"""Every statement that serves one organization names it for every table that it reads."""

import pytest

from tests.tenancy.analysis import loose_tables
from tests.tenancy.lists import EVERYWHERE, PIECES, TEMPLATES
from tests.tenancy.texts import constants, templates

TEXTS = {name: text for name, text in constants().items() if name not in TEMPLATES}
TIED = [
    "SELECT FROM customer WHERE organization_id = $1",
    "SELECT FROM customer c WHERE (c.organization_id, c.id) = ($1, $2)",
    "SELECT FROM customer c, pool p WHERE p.organization_id = $1"
    " AND c.organization_id = p.organization_id",
    "SELECT FROM customer JOIN pool USING (organization_id) WHERE customer.organization_id = $1",
    "SELECT FROM unnest($1::uuid[], $2::uuid[]) AS w(organization_id, id) JOIN customer c"
    " ON c.organization_id = w.organization_id AND c.id = w.id",
    "SELECT FROM organization o JOIN pool p ON p.organization_id = o.id WHERE o.id = $1",
    "WITH c AS (SELECT * FROM customer WHERE organization_id = $1)"
    " UPDATE seat s SET held = 0 FROM c WHERE s.organization_id = c.organization_id",
    "SELECT FROM customer c WHERE c.organization_id = $1 AND EXISTS ("
    "SELECT FROM event e WHERE e.organization_id = c.organization_id)",
    "SELECT FROM (SELECT organization_id FROM pool WHERE organization_id = $1) p"
    " LEFT JOIN customer c ON c.organization_id = p.organization_id",
    "INSERT INTO event (organization_id) VALUES ($1) RETURNING id",
    "WITH w AS (INSERT INTO customer (organization_id) VALUES ($1) RETURNING *)"
    " DELETE FROM seat s USING w WHERE s.organization_id = w.organization_id",
    "SELECT FROM pg_class",
]
LOOSE = {
    "SELECT FROM customer": ["customer customer"],
    "SELECT FROM customer c WHERE c.organization_id = $1 OR c.id = $2": ["customer c"],
    "SELECT FROM customer c WHERE c.id = $1": ["customer c"],
    "SELECT FROM customer c JOIN pool p ON p.organization_id = c.organization_id": [
        "customer c",
        "pool p",
    ],
    "SELECT FROM customer c, pool p WHERE p.organization_id = $1": ["customer c"],
    "SELECT FROM organization o WHERE o.name = $1": ["organization o"],
    "WITH c AS (SELECT id FROM customer WHERE organization_id = $1)"
    " UPDATE seat s SET held = 0 FROM c WHERE s.member_id = c.id": ["seat s"],
    "SELECT FROM customer c WHERE EXISTS (SELECT FROM event e"
    " WHERE e.organization_id = c.organization_id AND c.organization_id = $1)": [
        "customer c",
        "event e",
    ],
    "WITH a AS (SELECT FROM event) SELECT FROM a": ["a: event event"],
    "INSERT INTO seat (organization_id) SELECT organization_id FROM pool": ["pool pool"],
    "SELECT FROM pool WHERE organization_id = $1 UNION ALL SELECT FROM pool": ["pool pool"],
    "SELECT (SELECT max(at) FROM event e) FROM pool p WHERE p.organization_id = $1": ["event e"],
    "SELECT FROM pool p LEFT JOIN seat s ON p.organization_id = $1": ["pool p", "seat s"],
    "DELETE FROM seat s USING pool p WHERE p.organization_id = $1": ["seat s"],
}


@pytest.mark.parametrize("sql", TIED)
def test_what_names_the_organization_for_every_table_is_tied(sql: str) -> None:
    assert loose_tables(sql) == []


@pytest.mark.parametrize("sql", LOOSE)
def test_what_does_not_is_named(sql: str) -> None:
    assert loose_tables(sql) == LOOSE[sql]


@pytest.mark.parametrize("name", sorted(TEXTS.keys() - PIECES))
def test_a_statement_names_the_organization_for_every_table(name: str) -> None:
    free, _ = EVERYWHERE.get(name, ([], ""))
    found = {f"{name} {table}" for table in loose_tables(TEXTS[name], free)}
    assert found == set()


@pytest.mark.parametrize("name", sorted(EVERYWHERE))
def test_what_serves_all_organizations_is_there_and_would_be_found(name: str) -> None:
    free, reason = EVERYWHERE[name]
    assert set(free) <= set(loose_tables(TEXTS[name]))
    assert reason


def test_templates_and_pieces_are_there() -> None:
    assert templates() == TEMPLATES.keys()
    assert TEXTS.keys() >= PIECES
    assert len(TEXTS) > 80
