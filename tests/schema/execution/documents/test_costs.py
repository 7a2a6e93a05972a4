"""What an operation costs, weighed by field; counted once for the same sizes of its variables."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, parse

from schema.execution.documents import preparing, weights
from schema.execution.documents.limits import cost_of
from schema.execution.documents.measure import MOST_COST
from schema.execution.documents.preparing import MOST_REMEMBERED, Preparation, Prepared
from schema.execution.schema import schema
from schema.fairness import shares
from tests.support.running import Client
from tests.support.samples import Office

NESTED = "pool { customers(first: 12) { nodes { id } } }"
PAGE = '{ pool(id: "1") { customers(first: 100) { nodes { %s } } } }'
PREVIEW = "previewRules(poolId: 1, rules: $rules) { held }"


def many(field: str, count: int) -> str:
    return f"{{ {' '.join(f'a{n}: {field}' for n in range(count))} }}"


def cost(document: str, **variables: Any) -> int:
    return Prepared(parse(document), []).cost(schema._schema, None, variables)


@pytest.mark.parametrize(
    ("cheap", "dear"),
    [
        ("{ viewer { id } }", "{ viewer { id name } }"),
        ("{ members { nodes { id } } }", '{ members(search: "a") { nodes { id } } }'),
        ("{ pools { name } }", "{ pools { customers(first: 1) { totalCount } } }"),
        (
            "mutation { lockCustomer(customerId: 1) { __typename } }",
            'mutation { saveDepartment(name: "a") { __typename } }',
        ),
        (
            'mutation { saveDepartment(name: "a") { __typename } }',
            "mutation { deactivateMember(memberId: 1) { __typename } }",
        ),
        (PAGE % "id", PAGE % NESTED),
    ],
)
def test_what_costs_more_weighs_more(cheap: str, dear: str) -> None:
    assert cost(cheap) < cost(dear)


def test_edges_weigh_as_nodes_do_and_the_last_as_the_first() -> None:
    nodes = cost(PAGE % NESTED)
    edges = cost((PAGE % f"cursor node {{ {NESTED} }}").replace("nodes", "edges"))
    assert edges == nodes + 100 * 2  # The cursor and the node itself.
    assert cost((PAGE % NESTED).replace("first", "last")) == nodes
    both = "query ($n: Int) { members(first: 1, last: $n) { nodes { id } } }"
    assert cost(both, n=100) > cost(both, n=10) > cost(both, n=1)


def test_a_claim_of_many_takes_a_place_and_a_claim_of_one_does_not() -> None:
    many = "mutation ($ids: [ID!]!) { claimCustomers(customerIds: $ids) { __typename } }"
    assert cost('mutation { claimCustomer(customerId: "1") { __typename } }') <= shares.LIGHT
    assert cost(many, ids=["1"]) <= shares.LIGHT
    assert cost(many, ids=["1"] * 100) > sum(shares.SIZES) // 3
    literal = ",".join(['"1"'] * 100)
    assert cost(f"mutation {{ claimCustomers(customerIds: [{literal}]) {{ __typename }} }}") == (
        cost(many, ids=["1"] * 100)
    )


@pytest.mark.parametrize(
    "document",
    [
        PAGE % " ".join(f"c{n}: {NESTED}" for n in range(66)),
        many("duplicates(customer: {name: 1}) { refuses }", 51),
        "mutation" + many("updatePoolRules(poolId: 1) { id }", 11),
        "query ($rules: RulesInput!)" + many(PREVIEW, 6),
        many("__schema { types { name fields { name args { name type { name } } } } }", 60),
    ],
)
def test_what_costs_too_much_is_more_than_an_operation_may(document: str) -> None:
    assert cost(document) > MOST_COST


def test_the_values_of_a_variable_count_wherever_it_is_used() -> None:
    rules = {"capacities": [{"capacity": 1}] * 1_000}
    once, twice = ("query ($rules: RulesInput!)" + many(PREVIEW, n) for n in (1, 2))
    assert cost(once, rules=rules) - cost(once) == weights.VALUE * 2_001
    assert cost(twice, rules=rules) == 2 * cost(once, rules=rules)


def test_each_weight_is_that_of_a_field() -> None:
    fields = {
        f"{kind.name}.{name}"
        for kind in schema._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name in kind.fields
    }
    names = {field.partition(".")[2] for field in fields}
    assert {each for each in weights.FIELDS if each not in fields | names} == set()


def test_the_cost_is_counted_once_for_the_same_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []

    def counting(*given: Any) -> int:
        counted.append(given)
        return cost_of(*given)

    monkeypatch.setattr(preparing, "cost_of", counting)
    document = (
        "query ($n: Int, $search: String) { members(first: $n, search: $search) { nodes { id } } }"
    )
    prepared = Prepared(parse(document), [])
    for n, search in ((5, "a"), (5, "b"), (5, None), (7, "a"), (5, "c")):
        prepared.cost(schema._schema, None, {"n": n, "search": search})
    assert len(counted) == 2


async def test_a_document_is_prepared_once_and_only_the_latest_are_remembered() -> None:
    preparation = Preparation()
    first = await preparation.of(schema._schema, "{ viewer { id } }", ())
    assert await preparation.of(schema._schema, "{ viewer { id } }", ()) is first
    wrong = await preparation.of(schema._schema, "{", ())
    assert await preparation.of(schema._schema, "{", ()) is not wrong
    for n in range(MOST_REMEMBERED // 1_000):
        await preparation.of(schema._schema, f"{{ viewer {{ id }} }} # {n:1000}", ())
    assert await preparation.of(schema._schema, "{ viewer { id } }", ()) is not first


async def test_what_costs_too_much_is_refused(api: Client, office: Office) -> None:
    document = PAGE % " ".join(f"c{n}: {NESTED}" for n in range(66))
    answer = await api.graphql((await office.admin()).member, document)
    (error,) = answer["errors"]
    assert error["message"].startswith("The operation asks for too much")
    assert error["extensions"] == {"code": "BAD_REQUEST"}
