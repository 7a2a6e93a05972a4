"""Budgets told and kept over HTTP and websocket; who is over theirs holds up nobody else."""

import re

import pytest

from settings import Settings
from tests.support.running import Client, Person, api_in_process
from tests.support.samples import Office
from tests.support.sockets import let_in

VIEWER = "{ viewer { id } }"
# It costs more than half of a poor member's budget.
HEAVY = "{ " + " ".join(f"p{n}: pools {{ customers {{ totalCount }} }}" for n in range(2)) + " }"


@pytest.fixture
def poor(settings: Settings) -> Settings:
    return settings.model_copy(update={"member_budget": 4_000, "organization_budget": 9_000})


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
            answer.headers["RateLimit-Policy"] == '"member";q=4000;w=60, "organization";q=9000;w=60'
        )
        first = await spent(api, li)
        await api.post(li, HEAVY)
        second = await spent(api, li)
    assert first[0] - second[0] == pytest.approx(first[1] - second[1], abs=200)
    assert second[0] < first[0] - 1_000


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
