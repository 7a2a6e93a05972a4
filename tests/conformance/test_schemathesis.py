"""schemathesis over all operations of the API: nothing breaks it, and each answer is valid."""

from collections import Counter
from typing import Any

import graphql
import httpx2
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.core.result import Ok

from models import demo
from models.demo.organizations import ORGANIZATIONS
from models.ledger import replay
from models.tables import Customer, Department, Member, Pool
from tests.conformance import hostile
from tests.conformance.validity import answered_well, with_typenames
from tests.docs.demo import token
from tests.support.asking import gid
from tests.support.running import Process

EXAMPLES = 5
PEOPLE = ("admin", "sales1")
STEADY = settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest_asyncio.fixture(scope="module")
async def people(database: None, api_process: Process) -> list[str]:
    """The tokens of an admin and a salesperson of the demo, whose ids schemathesis knows then."""
    await demo.seed()
    (here, *_) = ORGANIZATIONS
    ids = []
    for kind in (Pool, Department, Member, Customer):
        rows = await kind.filter(organization_id=here.id).order_by("id").limit(20)
        ids += [gid(kind.__name__, row.id) for row in rows if getattr(row, "role", "") != "ADMIN"]
    hostile.teach(ids)
    return [token(api_process.client, name) for name in PEOPLE]


async def test_no_operation_breaks_and_each_answer_is_valid(
    people: list[str], api_process: Process, subtests: pytest.Subtests
) -> None:
    url = api_process.client.graphql_url
    outcomes: Counter[bool] = Counter()
    with httpx2.Client(trust_env=False, verify=False, timeout=30) as http:

        def post(body: Any, who: str) -> httpx2.Response:
            return http.post(url, json=body, headers={"Authorization": f"Bearer {who}"})

        shown = post({"query": graphql.get_introspection_query()}, people[0]).json()
        api = schemathesis.graphql.from_dict(shown)
        types = graphql.build_client_schema(shown["data"])
        for found in api.get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()

            @STEADY
            @given(case=operation.as_strategy(), who=st.sampled_from(people))
            def none_breaks(case: Case[Any], who: str) -> None:
                document = with_typenames(str(case.body))
                answer = post({"query": graphql.print_ast(document)}, who)
                assert answer.status_code < 500, answer.text
                outcomes[answered_well(types, document, answer.json())] += 1

            with subtests.test(operation.label):
                none_breaks()
    assert outcomes[True] > outcomes[False]
    assert "unexpected fault" not in api_process.output()
    assert await replay.differences() == []
