"""README is short, its commands exist, and its one example answers as shown."""

import json
import re

from models.tables import Customer
from tests.docs.demo import ADDRESS, in_shell
from tests.docs.pages import Page, undated
from tests.support.running import ROOT, Client

README = Page("README.md")
MOST_LINES = 120


def test_it_has_fewer_than_120_lines() -> None:
    assert len(README.text.splitlines()) < MOST_LINES


def test_it_names_all_that_is_needed() -> None:
    assert "Python 3.11+ and make, nothing else" in README.text


def test_each_command_to_run_is_a_single_make() -> None:
    commands = README.blocks("sh")[0].splitlines()
    assert [line.split("#")[0].strip() for line in commands] == ["make up", "make test"]


async def test_the_claim_answers_as_shown(demo_api: Client) -> None:
    (lines,) = [block for block in README.blocks("sh") if ADDRESS in block and "curl" in block]
    answer = json.loads(await in_shell(demo_api, lines))
    assert [undated(answer)] == README.answers
    claimed = answer["data"]["claimCustomer"]["customer"]
    held = await Customer.get(name=claimed["name"])
    release = claimed["holding"]["release"]["at"].replace("Z", "+00:00")
    assert held.release_at
    assert held.release_at.isoformat() == release
    again = json.loads(await in_shell(demo_api, lines))
    assert again["data"]["claimCustomer"]["__typename"] == "AlreadyHeld"


def test_it_lists_every_page() -> None:
    listed = set(re.findall(r"\]\(docs/([\w-]+\.md)\)", README.text))
    assert listed == {path.name for path in (ROOT / "docs").glob("*.md")}
