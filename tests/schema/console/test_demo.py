"""Whom the console offers the demo's people with their tokens, and what it says before sign-in."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from models import demo
from settings import Settings
from tests.support.running import Client, api_in_process

OIDC = {
    "oidc_issuer": "https://login.example/realms/sales",
    "oidc_client_id": "seapool-console",
    "jwks_url": "https://login.example/keys",
    "issuer": "https://login.example/realms/sales",
}
PEOPLE, CONFIG = "/console/demo.json", "/console/config.json"


@pytest_asyncio.fixture
async def embedded(settings: Settings, database: None, dist: Path) -> AsyncIterator[Client]:
    await demo.seed()
    async with api_in_process(settings, console=dist, embedded=True) as client:
        yield client


async def offered(api: Client, **headers: str) -> tuple[int, list[Any], bool]:
    """The status and people of demo.json, and what config.json says of them."""
    people = await api.http.get(api.url + PEOPLE, headers=headers)
    config = await api.http.get(api.url + CONFIG, headers=headers)
    assert people.headers["cache-control"] == config.headers["cache-control"] == "no-store"
    return people.status_code, people.json()["people"], config.json()["demo"]


async def test_the_demos_people_come_each_with_a_working_token(embedded: Client) -> None:
    status, people, shown = await offered(embedded)
    assert (status, shown) == (200, True)
    assert tuple(person["email"] for person in people) == demo.PEOPLE
    (first,) = [person for person in people if person["email"] == "sales1@demo.test"]
    assert first.keys() == {"organization", "name", "email", "role", "department", "token"}
    assert (first["organization"], first["name"], first["role"]) == ("示范企业", "王磊", "SALES")
    assert first["department"]
    asked = "{ viewer { email department { name } } }"
    viewer = (await embedded.data(first["token"], asked))["viewer"]
    assert viewer == {"email": first["email"], "department": {"name": first["department"]}}


async def test_who_comes_by_another_name_or_a_proxy_gets_nobody(embedded: Client) -> None:
    for headers in (
        {"Host": "crm.example"},
        {"Host": "rebound.example:8000"},
        {"Host": "localhost.example"},
        {"X-Forwarded-For": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
        {"X-Real-IP": "203.0.113.7"},
    ):
        assert await offered(embedded, **headers) == (404, [], False), headers


async def test_this_machines_own_names_are_good(embedded: Client) -> None:
    for host in ("localhost:8000", "LOCALHOST", "127.0.0.1:8000", "[::1]:5173"):
        status, people, shown = await offered(embedded, Host=host)
        assert (status, bool(people), shown) == (200, True, True), host


async def test_a_client_of_another_machine_gets_nobody(
    settings: Settings, database: None, dist: Path
) -> None:
    await demo.seed()
    behind = settings.model_copy(update={"trusted_proxies": ("127.0.0.1",)})
    async with api_in_process(behind, console=dist, embedded=True) as api:
        assert await offered(api, **{"X-Forwarded-For": "203.0.113.7"}) == (404, [], False)


@pytest.mark.parametrize(
    ("changed", "embedded"),
    [({}, False), ({"demo": False}, True), ({"secret": None, "jwks_url": "https://x/k"}, True)],
)
async def test_elsewhere_nobody_is_offered(
    settings: Settings, database: None, dist: Path, changed: dict[str, Any], embedded: bool
) -> None:
    await demo.seed()
    other = settings.model_copy(update=changed)
    async with api_in_process(other, console=dist, embedded=embedded) as api:
        assert await offered(api) == (404, [], False)


async def test_the_configuration_says_how_to_sign_in(
    settings: Settings, database: None, dist: Path
) -> None:
    async with api_in_process(settings.model_copy(update=OIDC), console=dist) as api:
        config = (await api.http.get(api.url + CONFIG)).json()
        assert config == {
            "demo": False,
            "graphiql": False,
            "version": "0.2.0",
            "oidc": {
                "issuer": "https://login.example/realms/sales",
                "clientId": "seapool-console",
                "scope": "openid",
                "audience": "seapool",
                "resource": None,
            },
        }
        policy = (await api.http.get(f"{api.url}/")).headers["content-security-policy"]
        assert "; connect-src 'self' https://login.example; " in policy


async def test_without_an_issuer_there_is_no_other_sign_in(console: Client) -> None:
    assert (await console.http.get(console.url + CONFIG)).json()["oidc"] is None
