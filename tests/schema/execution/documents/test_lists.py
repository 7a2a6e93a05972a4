"""Lists of variables are cut before they are read, and refused by their path."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from schema.base.inputs.bounds import MOST_ITEMS
from schema.execution.documents.lists import MOST_UNKNOWN, cut
from schema.execution.schema import schema
from tests.support.asking import gid
from tests.support.running import Client
from tests.support.samples import Office

PREVIEW = """query ($pool: ID!, $rules: RulesInput!) {
  previewRules(poolId: $pool, rules: $rules) { held } }"""
CHANGE = PREVIEW.replace("query", "mutation").replace("previewRules", "updatePoolRules")
CHANGE = CHANGE.replace("{ held }", "{ __typename ... on InvalidInput { problems { path } } }")


def cut_of(document: str, **variables: Any) -> dict[str, Any]:
    (operation,) = parse(document).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return cut(schema._schema, operation, variables)


def test_lists_are_cut_at_one_more_than_they_may_have() -> None:
    rules: dict[str, Any] = {
        "levels": [{"level": "A"}] * 9_000,
        "capacities": [{"capacity": 1}] * 9_000,
        "reminders": ["P1D"] * 9_000,
        "masked": "PHONE",
        "grace": None,
        "unknown": [1] * 9_000,
    }
    cut_rules = cut_of(PREVIEW, pool="1", rules=rules)["rules"]
    assert {name: len(value) for name, value in cut_rules.items() if isinstance(value, list)} == {
        "levels": 101,
        "capacities": 9_000,
        "reminders": MOST_ITEMS + 1,
        "unknown": 9_000,
    }
    assert len(rules["levels"]) == 9_000


def test_a_variable_that_is_a_list_by_itself_is_cut() -> None:
    document = "mutation ($ids: [ID!]!) { claimCustomers(customerIds: $ids) { __typename } }"
    assert len(cut_of(document, ids=["1"] * 9_000)["ids"]) == MOST_ITEMS + 1
    assert cut_of(document, ids=["1"] * 9) == {"ids": ["1"] * 9}
    assert cut_of(document, ids="1", other=[1]) == {"ids": "1", "other": [1]}


def test_of_unknown_fields_the_first_are_left() -> None:
    rules = {f"capacity{n}": n for n in range(9_000)} | {"capacity": 5}
    assert cut_of(PREVIEW, rules=rules)["rules"] == {
        f"capacity{n}": n for n in range(MOST_UNKNOWN)
    } | {"capacity": 5}


@pytest.mark.parametrize("name", ["levels", "capacities"])
async def test_a_long_list_is_refused_by_its_path(api: Client, office: Office, name: str) -> None:
    pool = await office.pool()
    items = {"levels": {"level": "A"}, "capacities": {"capacity": 1}}
    counts = {"levels": 6_000, "capacities": 3_000}
    given = {"pool": gid("Pool", pool.id), "rules": {name: [items[name]] * counts[name]}}
    admin = (await office.admin()).member
    (error,) = (await api.graphql(admin, PREVIEW, **given))["errors"]
    assert error["extensions"]["code"] == "InvalidInput"
    assert error["extensions"]["problems"][0]["path"].startswith(f"rules.{name}")
    answer = (await api.graphql(admin, CHANGE, **given))["data"]["updatePoolRules"]
    assert answer["__typename"] == "InvalidInput"
    assert answer["problems"][0]["path"].startswith(f"rules.{name}")


async def test_rights_come_before_rules(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    rules = {"capacities": [{"capacity": -1}] * 3_000}
    given = {"pool": gid("Pool", pool.id), "rules": rules}
    (error,) = (await api.graphql(li.member, PREVIEW, **given))["errors"]
    assert error["extensions"]["code"] == "Forbidden"
    answer = await api.graphql(li.member, CHANGE, **given)
    assert answer["data"]["updatePoolRules"]["__typename"] == "Forbidden"
