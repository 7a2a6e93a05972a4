"""graphql-codegen makes types from the server's introspection; tsc checks how they are used."""

from pathlib import Path

import pytest

from commands.console.clients import TYPESCRIPT
from tests.conformance.conftest import Start
from tests.conformance.sales import Sales
from tests.support.packages import installed


@pytest.fixture(scope="module")
def codegen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = tmp_path_factory.mktemp("npm") / "npm.log"
    return installed(TYPESCRIPT, log, tmp_path_factory.getbasetemp().parent)


async def test_generated_types_allow_what_the_api_answers_and_nothing_else(
    node: Start, sales: Sales, codegen: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "typed"
    async with node("codegen.mjs") as program:
        problems = await program.call("typed", sales.api.graphql_url, sales.token, str(folder))
    assert problems == ""
    assert "export type ClaimMutation" in (folder / "gql" / "graphql.ts").read_text()
