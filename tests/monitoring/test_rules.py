"""The alert rules: promtool accepts and tests them, and each has its section of the runbook."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from tests.docs.pages import Page
from tests.support.promtool import REQUIRED, promtool
from tests.support.running import ROOT

FOLDER = ROOT / "docs" / "monitoring"
FILE: dict[str, Any] = yaml.safe_load((FOLDER / "rules.yml").read_text())
RULES: list[dict[str, Any]] = FILE["groups"][0]["rules"]
TESTS: dict[str, Any] = yaml.safe_load((FOLDER / "rules.test.yml").read_text())
ALERTS = [rule["alert"] for rule in RULES]
RUNBOOK = Page("docs/runbook.md").text
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))


@pytest.mark.skipif(not (promtool() or REQUIRED), reason="apt-get install prometheus: no promtool")
@pytest.mark.parametrize(
    "check",
    ["check rules rules.yml", "test rules rules.test.yml", "check config prometheus.yml"],
)
def test_promtool_finds_nothing_wrong(check: str) -> None:
    path = promtool()
    assert path is not None, "PROMTOOL_TESTS=required: apt-get install prometheus"
    ran = subprocess.run(
        [path, *check.split()], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "SUCCESS" in ran.stdout


def test_each_alert_fires_in_a_unit_test() -> None:
    fires = {
        case["alertname"]
        for group in TESTS["tests"]
        for case in group.get("alert_rule_test", [])
        if case["exp_alerts"]
    }
    assert fires == set(ALERTS)


def test_each_alert_has_its_section_and_each_section_its_alert() -> None:
    assert list(SECTIONS) == ALERTS
    for rule in RULES:
        assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"


@pytest.mark.parametrize("alert", ALERTS)
def test_each_section_says_what_it_means_how_to_look_and_what_to_do(alert: str) -> None:
    steps = re.findall(r"^\*\*(\w+)\.\*\*", SECTIONS[alert], re.MULTILINE)
    assert steps == ["Meaning", "Look", "Do"]
    assert "```sh\n" in SECTIONS[alert]
