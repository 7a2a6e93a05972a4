"""No change breaks the clients of the last release, unless CHANGELOG names it as breaking."""

import re
import tomllib
from pathlib import Path

import pytest
from graphql import build_schema
from graphql.utilities import find_breaking_changes, find_dangerous_changes

from schema.execution.schema import schema
from tests.support.running import ROOT

RELEASED = (Path(__file__).parent / "released.graphql").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")


def unnamed(released: str, current: str, changelog: str) -> list[str]:
    """The breaking changes with whose words, graphql-core's, no line under "Breaking" begins."""
    named = [line.removeprefix("- ") for line in breaking(changelog).replace("`", "").splitlines()]
    changes = find_breaking_changes(build_schema(released), build_schema(current))
    words = [each.description for each in changes]
    return [each for each in words if not any(line.startswith(each.rstrip(".")) for line in named)]


def breaking(changelog: str) -> str:
    """The part "Breaking" of the changes that are not released."""
    _, _, unreleased = changelog.partition("## [Unreleased]\n")
    _, _, part = unreleased.partition("\n## ")[0].partition("### Breaking\n")
    return part.partition("\n### ")[0]


def test_each_breaking_change_since_the_release_has_its_line_in_the_changelog() -> None:
    current = schema.as_str()
    for each in find_dangerous_changes(build_schema(RELEASED), build_schema(current)):
        print(f"allowed, though a client may stumble: {each.description}")
    missing = unnamed(RELEASED, current, CHANGELOG)
    assert missing == [], "name these in CHANGELOG.md, under Breaking of Unreleased"


OLD = "type Query { pool(id: ID!): String owner: String }"
NEW = "type Query { pool(id: ID!, name: String!): String }"
OWNER = "Field Query.owner was removed."
NAME = "A required argument Query.pool(name:) was added."
LINE = "- Field `Query.owner` was removed: ask `holding`.\n"


@pytest.mark.parametrize(
    ("changelog", "missing"),
    [
        (f"## [Unreleased]\n\n### Changed\n\n{LINE}", {OWNER, NAME}),
        (f"## [Unreleased]\n\n### Breaking\n\n{LINE}\n### Fixed\n\n- {NAME}\n", {NAME}),
        (f"## [Unreleased]\n\n## [1.0.0]\n\n### Breaking\n\n{LINE}", {OWNER, NAME}),
    ],
    ids=["named as a usual change", "one of two", "named for a release before"],
)
def test_a_breaking_change_without_its_line_is_found(changelog: str, missing: set[str]) -> None:
    assert set(unnamed(OLD, NEW, changelog)) == missing


def test_the_schema_kept_is_that_of_the_last_release() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    (latest, *_) = re.findall(r"^## \[(\d[\d.]*)\]", CHANGELOG, re.M)
    assert RELEASED.splitlines()[0].startswith(f"# The schema of release {version}:")
    assert latest == version
