"""What the expressions of rules and dashboard name: metrics and their labels."""

import json
import re
from collections.abc import Iterator

import yaml

from tests.support.running import ROOT

FOLDER = ROOT / "docs" / "monitoring"
METRIC = re.compile(r"\b((?:seapool|process)_\w+|up)\b(?:\{(.*?)\})?")
SELECTED = re.compile(r'(\w+)="([^"]*)"')
GROUPED = re.compile(r"\bby \(([^)]*)\)")
# Prometheus itself knows these.
ITS_OWN = {"job", "instance", "le"}


def expressions() -> Iterator[str]:
    rules = yaml.safe_load((FOLDER / "rules.yml").read_text())
    for rule in rules["groups"][0]["rules"]:
        yield rule["expr"]
    dashboard = json.loads((FOLDER / "dashboard.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"]


def selections(expression: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each metric of the expression, with the labels whose values it selects."""
    for name, selected in METRIC.findall(expression):
        yield name, dict(SELECTED.findall(selected))


def groupings(expression: str) -> set[str]:
    """The labels by which the expression groups, without those that Prometheus itself knows."""
    return {
        label.strip() for labels in GROUPED.findall(expression) for label in labels.split(",")
    } - ITS_OWN
