"""The catalogue of actions, and what must follow it: the contract and the database."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, build_schema
from tortoise.exceptions import IntegrityError

from models import database as db
from models.alerts.queries import BRANCHES
from models.ledger import actions
from models.ledger.actions import AlertKind, Party, PoolChangeKind
from tests.support.samples import Office

CONTRACT = build_schema((Path(__file__).parents[2] / "contract.graphql").read_text("utf-8"))
PREDICATES = """
SELECT i.relname AS name, pg_get_expr(x.indpred, x.indrelid) AS predicate,
  pg_get_indexdef(x.indexrelid) AS definition
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indrelid = 'event'::regclass AND x.indpred IS NOT NULL
"""
CHECK = """
SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint
WHERE conrelid = 'event'::regclass AND conname = 'event_action' AND convalidated
"""
ACTION = re.compile(r"\baction = (?:ANY \(ARRAY\[(?P<many>[^]]*)\]\)|(?P<one>'\w+'))")


async def partial_indexes() -> dict[str, tuple[set[str], str]]:
    """Of each partial index by action: the actions, and the definition."""
    found = {}
    for row in await db.rows(PREDICATES):
        for match in ACTION.finditer(row["predicate"]):
            names = re.findall(r"'(\w+)'", match["many"] or match["one"])
            found[row["name"]] = (set(names), row["definition"])
    return found


def test_every_action_is_named_once() -> None:
    assert len(set(actions.NAMES)) == len(actions.CATALOGUE) == 50


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Action", actions.PUBLIC),
        ("AlertKind", tuple(AlertKind)),
        ("PoolChangeKind", tuple(PoolChangeKind)),
    ],
)
def test_the_contracts_enums_have_the_catalogues_values_in_its_order(
    name: str, values: tuple[str, ...]
) -> None:
    kind = CONTRACT.type_map[name]
    assert isinstance(kind, GraphQLEnumType)
    assert tuple(kind.values) == values


def test_an_alert_has_a_kind_and_somebody_whom_it_alerts() -> None:
    assert all(bool(action.alert) == bool(action.alerts) for action in actions.CATALOGUE)


def test_webhooks_receive_the_public_actions_by_their_names_and_what_is_at_risk() -> None:
    public = {name: f"customer.{name.lower()}" for name in actions.PUBLIC}
    assert public | {"ESCALATED": "pool.at_risk"} == actions.WEBHOOK_TYPES


async def test_the_databases_indexes_name_no_action_that_the_catalogue_lacks(
    database: None,
) -> None:
    found = await partial_indexes()
    assert len(found) > 10
    assert {name for names, _ in found.values() for name in names} <= set(actions.NAMES)


async def test_the_index_of_pool_changes_has_the_catalogues_actions(database: None) -> None:
    names, _ = (await partial_indexes())["event_pool_changes"]
    assert names == set(actions.POOL_CHANGES)


async def test_each_branch_of_the_alerts_has_an_index_of_its_own(database: None) -> None:
    indexes = await partial_indexes()
    served = {
        branch: [
            name
            for name, (names, definition) in indexes.items()
            if names == set(branch.actions) and f"{branch.party}, txid, seq)" in definition
        ]
        for branch in BRANCHES
    }
    assert all(len(names) == 1 for names in served.values()), served
    by_party = {(branch.party, name) for branch in BRANCHES for name in branch.actions}
    assert by_party == {
        (party, action.name) for action in actions.ALERTS.values() for party in action.alerts
    }
    assert {branch.party for branch in BRANCHES} == set(Party)


async def test_the_database_accepts_the_catalogues_actions_and_no_other(office: Office) -> None:
    (row,) = await db.rows(CHECK)
    assert tuple(re.findall(r"'(\w+)'", row["definition"])) == actions.NAMES
    sql = "INSERT INTO event (organization_id, action, actor_id) VALUES ($1, $2, $3)"
    admin = await office.admin()
    for name in actions.NAMES:
        await db.rows(sql, office.id, name, admin.id)
    with pytest.raises(IntegrityError, match="event_action"):
        await db.rows(sql, office.id, "claimed", admin.id)
