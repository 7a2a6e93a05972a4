"""What an answer is named as, and which status says that nothing was executed."""

from typing import Any

import pytest

from schema.base import ids
from schema.execution.bodies.answer_type import GRAPHQL, JSON, answer_type
from tests.support.running import Client
from tests.support.samples import Office

VIEWER = "{ viewer { id } }"
REFUSED = [
    ("{", {}),
    ("{ nothingOfTheKind }", {}),
    ("query ($id: ID!) { node(id: $id) { id } }", {"id": [1]}),
    ("query ($id: ID!) { node(id: $id) { id } }", {}),
]


@pytest.mark.parametrize(
    ("accepted", "named"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("", JSON),
        ("application/json", JSON),
        ("text/html", JSON),
        (GRAPHQL, GRAPHQL),
        ("Application/GraphQL-Response+JSON; charset=utf-8", GRAPHQL),
        (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
        (f"application/json, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.8, application/json", JSON),
        (f"{GRAPHQL};q=0, */*", JSON),
        (f"{GRAPHQL};q=nothing", JSON),
        (f"x{GRAPHQL}" * 50, JSON),
    ],
)
def test_an_answer_is_named_as_its_client_prefers(accepted: str | None, named: str) -> None:
    assert answer_type(accepted) == named


async def asked(
    api: Client, office: Office, document: str, variables: dict[str, Any], accepted: str
) -> tuple[int, str, dict[str, Any]]:
    token = api.token((await office.admin()).member)
    answer = await api.http.post(
        api.graphql_url,
        json={"query": document, "variables": variables},
        headers={"Authorization": f"Bearer {token}", "Accept": accepted},
    )
    return answer.status_code, answer.headers["content-type"].split(";")[0], answer.json()


@pytest.mark.parametrize(("document", "variables"), REFUSED)
async def test_an_operation_that_is_not_executed_has_status_400_and_no_data(
    api: Client, office: Office, document: str, variables: dict[str, Any]
) -> None:
    status, named, answer = await asked(api, office, document, variables, GRAPHQL)
    assert (status, named) == (400, GRAPHQL)
    assert answer.keys() == {"errors"}


@pytest.mark.parametrize(("document", "variables"), REFUSED)
async def test_under_json_the_status_stays_200(
    api: Client, office: Office, document: str, variables: dict[str, Any]
) -> None:
    status, named, answer = await asked(api, office, document, variables, JSON)
    assert (status, named) == (200, JSON)
    assert answer["data"] is None
    assert answer["errors"]


async def test_an_executed_operation_has_status_200_also_with_errors(
    api: Client, office: Office
) -> None:
    assert await asked(api, office, VIEWER, {}, GRAPHQL) == (
        200,
        GRAPHQL,
        {"data": {"viewer": {"id": ids.encode("Member", (await office.admin()).id)}}},
    )
    document = '{ viewer { id } previewRules(poolId: "Pool_x", rules: {}) { held } }'
    status, named, answer = await asked(api, office, document, {}, GRAPHQL)
    assert (status, named) == (200, GRAPHQL)
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["previewRules"]


async def test_refusals_before_the_operation_have_the_same_type(
    api: Client, office: Office
) -> None:
    accept = {"Accept": GRAPHQL}
    stranger = await api.http.post(api.graphql_url, json={"query": VIEWER}, headers=accept)
    assert stranger.status_code == 401
    by_get = await api.http.get(api.graphql_url, headers=accept)
    assert by_get.status_code == 405
    for answer in (stranger, by_get):
        assert answer.headers["content-type"].startswith(GRAPHQL)
        assert answer.json().keys() == {"errors"}
