"""Every example of docs/cookbook.md runs: in Node and in Python, against the real API."""

import asyncio
import importlib.util
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from commands.console import node
from commands.console.clients import TYPESCRIPT
from seapool_client import Client, ConnectionLost
from seapool_client.errors import CLASSES, error_of, error_of_status
from tests.clients.stage import Stage
from tests.docs.pages import Page
from tests.support.node_program import Program, program
from tests.support.running import ROOT

PAGE = Page("docs/cookbook.md")
HERE = Path(__file__).parent
NAME = re.compile(r"(?://|#) (\w+\.(?:ts|py))\n")
HELD = "该客户已有负责人。"
# Twenty days, as exactly as the clocks know.
LEFT = re.compile(r"479 h 59 min|480 h \d min")
CONFIGURATION = {
    "extends": f"{TYPESCRIPT}/tsconfig.json",
    "compilerOptions": {"paths": {}, "types": [], "allowImportingTsExtensions": True},
    "include": ["*.ts"],
}
MANIFEST = TYPESCRIPT / "src" / "gql" / "persisted-documents.json"


def written(folder: Path, language: str) -> list[str]:
    """Put each example into the file that its first line names."""
    blocks = PAGE.blocks(language)
    names = [found[1] for block in blocks if (found := NAME.match(block))]
    assert len(names) == len(set(names)) == len(blocks)
    for name, block in zip(names, blocks, strict=True):
        (folder / name).write_text(block, "utf-8")
    return names


@pytest.fixture
def folder(package: Path, tmp_path: Path) -> Path:
    """An app that has installed the package."""
    (tmp_path / "node_modules" / "@seapool").mkdir(parents=True)
    (tmp_path / "node_modules" / "@seapool" / "client").symlink_to(package)
    # For program.mjs.
    (tmp_path / "node_modules" / "graphql").symlink_to(package / "node_modules" / "graphql")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "tsconfig.json").write_text(json.dumps(CONFIGURATION))
    for each in (HERE / "cookbook.mjs", ROOT / "tests" / "conformance" / "program.mjs"):
        shutil.copy(each, tmp_path)
    written(tmp_path, "ts")
    return tmp_path


@pytest_asyncio.fixture
async def app(folder: Path, stage: Stage) -> AsyncIterator[Program]:
    async with program(folder / "cookbook.mjs", folder / "node.log") as running:
        await running.call("connect", stage.seen["url"], stage.seen["token"])
        yield running


@pytest.fixture
def recipes(tmp_path: Path) -> dict[str, ModuleType]:
    names = written(tmp_path, "python")
    return {name.removesuffix(".py"): imported(tmp_path / name) for name in names}


@pytest_asyncio.fixture
async def seapool(stage: Stage, recipes: dict[str, ModuleType]) -> AsyncIterator[Client]:
    async def token() -> str:
        return stage.seen["token"]

    async with recipes["client"].connect(stage.seen["url"], token) as client:
        yield client


def imported(path: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location(f"cookbook_{path.stem}", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_examples_in_typescript_have_the_types_that_they_say(folder: Path) -> None:
    log = folder / "tsc.log"
    compiler = TYPESCRIPT / "node_modules" / "typescript" / "bin" / "tsc"
    with log.open("wb") as output:
        process = node.start([str(compiler), "-p", str(folder)], folder, {}, output)
    try:
        assert process.wait(50) == 0, log.read_text()
    finally:
        node.stop(process)


async def test_the_examples_in_typescript_run(app: Program, stage: Stage) -> None:
    first, second, third = await stage.customers(3)
    assert len(await app.call("names", stage.seen["poolId"])) == 3
    assert await app.call("claim", first) == "no phone"
    assert await app.call("claim", first) == HELD
    assert LEFT.fullmatch(await app.call("timeLeft", first))
    assert await app.call("advice") == "sign in"
    assert set(await app.call("budgets")) == {"member", "organization"}
    await app.call("claimLater", second)
    await app.call("claimLater", third)
    await app.call("replay")
    assert [await app.told(), await app.told()] == [[second, "Claimed"], [third, "Claimed"]]
    here = await stage.here()
    given = await stage.assign(2)
    await app.call("follow", here)
    assert [await app.told(), await app.told()] == given
    await app.call("follow", await stage.stale())
    assert await app.told() == "reload"
    await stage.trust(str(MANIFEST))
    try:
        assert (await app.call("trusted")).startswith("Member_")
    finally:
        await stage.distrust()


async def test_the_examples_in_python_run(
    stage: Stage, recipes: dict[str, Any], seapool: Client, tmp_path: Path
) -> None:
    first, second = await stage.customers(2)
    assert len(await recipes["pages"].names_in(seapool, stage.seen["poolId"])) == 2
    assert await recipes["claiming"].claim(seapool, first) == "no phone"
    assert await recipes["claiming"].claim(seapool, first) == HELD
    customer = (await seapool.customer(first)).customer
    assert LEFT.fullmatch(recipes["countdown"].time_left(seapool, customer))
    queue = recipes["claims"].claims_in(tmp_path / "claims.json", seapool)
    queue.add(second)
    assert await recipes["claims"].replay(queue) == {second: "Claimed"}
    kept = {"cursor": await stage.stale()}
    await stage.assign(1)
    events = recipes["alerts"].alerts(seapool, kept)
    async with asyncio.timeout(20):
        assert await anext(events) == "read the lists again"
        await stage.assign(1)
        assert await anext(events) not in ("", "read the lists again")


def test_the_example_in_python_advises_by_the_kind_of_error(recipes: dict[str, Any]) -> None:
    advice = recipes["failures"].advice
    assert advice(error_of_status(401)) == "sign in"
    assert advice(error_of_status(503, 7)) == "try again in 7 s"
    assert advice(ConnectionLost("CONNECTION_LOST", "")) == "try again in 5 s"
    extensions = {"code": "TOO_MANY_LOOKUPS", "resetsAt": "soon"}
    assert advice(error_of([{"message": "", "extensions": extensions}])) == "look up again at soon"


def test_the_page_names_each_code_that_the_clients_know() -> None:
    named = set(re.findall(r"^\| (`.*?) \|", PAGE.text, re.MULTILINE))
    codes = {code for cell in named for code in re.findall(r"`(\w+)`", cell)}
    assert codes == set(CLASSES)
    typescript = (TYPESCRIPT / "src" / "errors.ts").read_text("utf-8")
    (listed,) = re.findall(r"CLASSES: .*? = \{(.*?)\};", typescript, re.DOTALL)
    assert set(re.findall(r"(\w+):", listed)) == codes | {"PERSISTED_QUERY_NOT_FOUND"}
