"""Budgets told and kept over HTTP and websocket; who is over theirs holds up nobody else."""

import re

import httpx2
import pytest

from settings import Settings
from tests.support.running import Client, Person, api_in_process
from tests.support.samples import Office
from tests.support.sockets import let_in

VIEWER = "{ viewer { id } }"
# It costs more than half of a poor member's budget.
HEAVY = "{ " + " ".join(f"p{n}: pools {{ customers {{ totalCount }} }}" for n in range(25)) + " }"


@pytest.fixture
def poor(settings: Settings) -> Settings:
    return settings.model_copy(update={"member_budget": 60_000, "organization_budget": 200_000})


async def spent(api: Client, who: Person) -> tuple[int, int]:
    """What the member and the organization have left, as an answer's header says."""
    answer = await api.post(who, VIEWER)
    member, organization = re.findall(r"r=(\d+)", answer.headers["RateLimit"])
    return int(member), int(organization)


async def test_each_answer_tells_what_is_left(poor: Settings, office: Office) -> None:
    li = (await office.person()).member
    async with api_in_process(poor) as api:
        answer = await api.post(li, VIEWER)
        assert (
            answer.headers["RateLimit-Policy"]
            == '"member";q=60000;w=60, "organization";q=200000;w=60'
        )
        assert re.fullmatch(
            r'"member";r=\d+;t=\d+, "organization";r=\d+;t=\d+', answer.headers["RateLimit"]
        )
        first = await spent(api, li)
        await api.post(li, HEAVY)
        second = await spent(api, li)
    assert first[0] - second[0] == pytest.approx(first[1] - second[1], abs=5_000)
    assert second[0] < first[0] - 25_000


async def test_over_the_budget_a_request_is_told_when_to_come_again(
    poor: Settings, office: Office
) -> None:
    li, han = (await office.person()).member, (await office.person()).member
    async with api_in_process(poor) as api:
        answers = [await api.post(li, HEAVY) for _ in range(4)]
        assert [answer.status_code for answer in answers[:1]] == [200]
        last = answers[-1]
        assert last.status_code == 429
        (error,) = last.json()["errors"]
        assert error["extensions"]["code"] == "OVER_BUDGET"
        assert 0 < error["extensions"]["retryAfter"] <= 60
        assert last.headers["Retry-After"] == str(error["extensions"]["retryAfter"])
        over = answers[1]
        assert (over.status_code, "Retry-After" in over.headers) == (429, True)
        assert over.headers["RateLimit-Policy"] == answers[0].headers["RateLimit-Policy"]
        assert ["RateLimit" in each.headers for each in answers[:2]] == [True, False]
        assert (await api.post(han, HEAVY)).status_code == 200


async def test_the_members_of_an_organization_share_its_budget(
    poor: Settings, office: Office
) -> None:
    people = [(await office.person()).member for _ in range(8)]
    async with api_in_process(poor) as api:
        statuses = [(await api.post(each, HEAVY)).status_code for each in people]
    assert statuses[0] == 200
    assert statuses[-1] == 429


async def test_a_websocket_is_told_too_and_stays_open(poor: Settings, office: Office) -> None:
    li = (await office.person()).member
    async with api_in_process(poor) as api:
        while (await api.post(li, HEAVY)).status_code == 200:
            pass
        async with let_in(api, li) as socket:
            await socket.ask(HEAVY)
            assert (await socket.error())["extensions"]["code"] == "OVER_BUDGET"


REFUSED = {
    "invalid": "{" + " ".join(f"viewr{n}" for n in range(1_500)) + "}",
    "too much": "mutation {"
    + " ".join(f'p{n}: createPool(name: "a", rules: {{}}) {{ __typename }}' for n in range(190))
    + "}",
    "too many selections": "{" + "viewer { id }" * 1_000 + "}",
    "unreadable": "{" + "(" * 10_000,
}


@pytest.mark.parametrize("document", REFUSED.values(), ids=list(REFUSED))
async def test_refused_documents_end_in_429_before_anything_is_read(
    settings: Settings, office: Office, document: str
) -> None:
    li = (await office.person()).member
    budgets = {"member_budget": 5_000_000, "organization_budget": 20_000_000}
    async with api_in_process(settings.model_copy(update=budgets)) as api:
        statuses = [(await api.post(li, document)).status_code for _ in range(10)]
        assert statuses[0] == 200
        assert statuses[-1] == 429
        assert_in_debt(await nothing(api, li))


async def test_malformed_requests_end_in_429_too(settings: Settings, office: Office) -> None:
    li = (await office.person()).member
    budgets = {"member_budget": 1_000_000, "organization_budget": 20_000_000}
    async with api_in_process(settings.model_copy(update=budgets)) as api:
        headers = {"Authorization": f"Bearer {api.token(li)}", "Content-Type": "application/json"}
        body = b'{"query": 1, "x": "' + b"x" * 60_000 + b'"}'
        statuses = [
            (await api.http.post(api.graphql_url, content=body, headers=headers)).status_code
            for _ in range(10)
        ]
        assert statuses[0] == 400
        assert statuses[-1] == 429
        assert_in_debt(await nothing(api, li))


async def test_who_is_over_the_budget_is_soon_refused_before_anything_is_read(
    settings: Settings, office: Office
) -> None:
    li, han = (await office.person()).member, (await office.person()).member
    budgets = {"member_budget": 60_000, "organization_budget": 60_000_000}
    async with api_in_process(settings.model_copy(update=budgets)) as api:
        while (await nothing(api, li)).status_code != 429:
            await api.post(li, HEAVY)
        assert_in_debt(await nothing(api, li))
        assert (await api.post(han, VIEWER)).status_code == 200
        async with let_in(api, li) as socket:
            await socket.ask(VIEWER)
            assert (await socket.error())["extensions"]["code"] == "OVER_BUDGET"


async def nothing(api: Client, who: Person) -> httpx2.Response:
    """The answer to a request that has no operation."""
    headers = {"Authorization": f"Bearer {api.token(who)}"}
    return await api.http.post(api.graphql_url, headers=headers)


def assert_in_debt(answer: httpx2.Response) -> None:
    assert answer.status_code == 429
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "OVER_BUDGET"
    assert 0 < error["extensions"]["retryAfter"] <= 60
    assert answer.headers["Retry-After"] == str(error["extensions"]["retryAfter"])
