"""A plan answers every document of the tests and the docs as graphql-core does, to the byte."""

from collections.abc import Iterator
from typing import Any

import pytest

from models import database
from schema.execution.schema import schema
from schema.execution.slicing import SlicingExecutor
from settings import Settings
from tests.schema.execution.plans.both import Asked, assert_equal
from tests.schema.execution.plans.documents import (
    Operation,
    ids_that_never_were,
    operations,
)
from tests.schema.execution.plans.filled import Filled, filled
from tests.schema.test_isolation import everything

FORGET = "DELETE FROM lookup WHERE organization_id = $1"
# When a claim made now would be released: PostgreSQL's clock goes on between two executions.
RELEASE = rb'(?<="Claimable","releaseAt":)"[^"]+"'
OTHERS = ("Customer", "Pool", "Member")


def asked(operation: Operation, own: Filled, role: str, variables: dict[str, Any]) -> Asked:
    return Asked(
        schema._schema,
        operation.document,
        context=lambda: own.context(role),
        variables=variables,
        name=operation.name,
    )


def each_way(operation: Operation, ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    """An id that the name of its variable does not tell is tried as several kinds."""
    seen: list[dict[str, Any]] = []
    for other in OTHERS:
        variables = operation.variables(ids, other)
        if variables not in seen:
            seen.append(variables)
            yield variables


def test_there_is_something_to_execute() -> None:
    kinds = [(each.is_query, each.is_mutation) for each in operations()]
    assert kinds.count((True, False)) > 90
    assert kinds.count((False, True)) > 50


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("role", ["SALES", "ADMIN"])
async def test_each_query_is_answered_alike(settings: Settings, role: str) -> None:
    own = await filled(settings)
    different, planned, answered = [], 0, 0
    for operation in operations():
        if not operation.is_query:
            continue
        for variables in each_way(operation, own.ids):
            await forget_lookups(own)
            question = asked(operation, own, role, variables)
            planned += question.has_plan()
            try:
                result = await assert_equal(question, SlicingExecutor, but=RELEASE)
                answered += not result.errors
            except AssertionError as problem:
                different.append((operation.text, variables, problem.args[0]))
    assert different == []
    assert planned > 90
    assert answered > 70


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("role", ["SALES", "ADMIN"])
async def test_each_mutation_of_what_never_was_is_refused_alike(
    settings: Settings, role: str
) -> None:
    own = await filled(settings)
    ids = ids_that_never_were(own.ids)
    before, different, planned = await everything(), [], 0
    for operation in operations():
        if not (operation.is_mutation and operation.takes_ids()):
            continue
        if 'idempotencyKey: "' in operation.text:
            continue  # The ledger keeps the answer to a key, also a refusal.
        for variables in each_way(operation, ids):
            question = asked(operation, own, role, variables)
            planned += question.has_plan()
            try:
                await assert_equal(question, SlicingExecutor)
            except AssertionError as problem:
                different.append((operation.text, variables, problem.args[0]))
    assert different == []
    assert planned > 40
    assert await everything() == before


async def forget_lookups(own: Filled) -> None:
    """A member may look up so many duplicates an hour: the second execution is one more."""
    await database.rows(FORGET, own.viewers["ADMIN"].organization.id)
