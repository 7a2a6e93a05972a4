"""npm's lock files pin exact versions, and name no address to download from."""

import json
from pathlib import Path

import pytest

from tests.house.code import ROOT

LOCKS = sorted([*ROOT.glob("[a-z]*/package-lock.json"), *ROOT.glob("[a-z]*/*/package-lock.json")])
EACH_LOCK = pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)


@EACH_LOCK
def test_it_names_no_address(lock: Path) -> None:
    assert "http" not in {
        str(each.get("resolved", ""))[:4]
        for each in json.loads(lock.read_text())["packages"].values()
    }


@EACH_LOCK
def test_each_package_is_asked_for_in_one_version(lock: Path) -> None:
    package = json.loads(lock.with_name("package.json").read_text())
    asked = package.get("dependencies", {}) | package.get("devDependencies", {})
    assert {name for name, version in asked.items() if not version[0].isdigit()} == set()
