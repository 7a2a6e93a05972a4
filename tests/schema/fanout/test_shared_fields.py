"""Each field that a pool's change leads to is known to be the same for an audience, or not."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    get_named_type,
    is_leaf_type,
    parse,
)

from schema.execution.schema import schema
from schema.fanout.shared_fields import SHARED, is_shared

# Fields that differ among those who see the same of a customer, or that nobody has looked at.
OF_ONE_VIEWER = {
    "Customer.claimable": "the viewer's own seat, limits and cool-downs",
    "Customer.formerKeys": "for its owner and the administrators alone",
    "Customer.followUps": "has arguments",
    "Customer.history": "has arguments",
    "Pool.customers": "has arguments",
    "Pool.rules": "leads to members with capacities of their own",
    "Pool.rulesProgress": "a statement of its own",
    "Pool.extensions": "for administrators alone",
    "Pool.unconfirmedDeals": "for administrators alone",
    "Pool.rulesVersions": "for administrators alone",
    "Pool.atRisk": "for administrators alone",
    "Pool.access": "for administrators alone",
    "Pool.administrators": "a statement of its own",
    "Member.privatePool": "for managers and the member alone",
    "Member.alerts": "for the member alone",
    "Member.channels": "for the member alone",
    "Member.absences": "nobody watches them by a pool",
}
WIDE = """subscription ($pool: ID!) {
  poolChanges(poolId: $pool) { cursor kind at customer { ...all } }
}
fragment all on Customer { __typename id name contact { phone } ... on Node { id }
  pool { name } owner { name department { name } }
  holding { release { conditions { remedy } } } }"""
ONE_MORE = {
    "a field of one viewer": ("id name", "id name claimable { __typename }"),
    "a field with a directive": ("id name", "id name @include(if: true)"),
    "a list": ("pool { name }", "pool { name administrators { name } }"),
}


def fields() -> Iterator[tuple[str, GraphQLField]]:
    """Each field of the types to which shared fields lead, and of their interfaces."""
    for name in SHARED.keys() - {"Subscription"}:
        kind = schema._schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        for field_name, field in kind.fields.items():
            yield f"{name}.{field_name}", field


def info(document: str) -> GraphQLResolveInfo[None]:
    operation, *fragments = parse(document).definitions
    known = {each.name.value: each for each in fragments}  # type: ignore[attr-defined]
    nothing = [None] * (len(GraphQLResolveInfo._fields) - 9)
    first: Any = ("poolChanges", [], None, None, None, schema._schema, known, None, operation)
    return GraphQLResolveInfo(*first, *nothing)


def test_each_field_is_shared_or_known_to_be_of_one_viewer() -> None:
    shared = {f"{kind}.{name}" for kind, names in SHARED.items() for name in names}
    found = {name for name, _ in fields()} | {"Subscription.poolChanges"}
    assert found == shared | OF_ONE_VIEWER.keys()
    assert shared & OF_ONE_VIEWER.keys() == set()


def test_shared_fields_have_no_arguments_and_lead_to_shared_types() -> None:
    shared = {name: field for name, field in fields() if name not in OF_ONE_VIEWER}
    assert [name for name, field in shared.items() if field.args] == []
    kinds = {get_named_type(field.type) for field in shared.values()}
    assert {kind.name for kind in kinds if not is_leaf_type(kind)} <= SHARED.keys()


def test_a_document_of_shared_fields_is_shared() -> None:
    assert is_shared(info(WIDE))


@pytest.mark.parametrize("name", ONE_MORE)
def test_one_other_field_makes_its_watcher_an_audience_of_their_own(name: str) -> None:
    assert not is_shared(info(WIDE.replace(*ONE_MORE[name])))
