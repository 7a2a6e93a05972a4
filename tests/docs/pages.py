"""A page of docs/ as its tests read it: the examples by the names of their operations."""

import json
import re
from pathlib import Path
from typing import Any

from tests.running import ROOT

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\d+年\d+月\d+日 [\d:]+")
NAME = re.compile(r"(?:query|mutation) (\w+)")


class Page:
    def __init__(self, name: str) -> None:
        self.text = (ROOT / "docs" / name).read_text("utf-8")
        blocks = self.blocks("graphql")
        self.examples = {name: block for block in blocks for name in NAME.findall(block)}
        assert len(self.examples) == len(blocks)

    @property
    def answers(self) -> list[Any]:
        """What the page shows as answered, its moments aside."""
        return [undated(json.loads(block)) for block in self.blocks("json")]

    def blocks(self, language: str) -> list[str]:
        return re.findall(rf"```{language}\n(.*?)```", self.text, re.DOTALL)

    def not_run_by(self, test: str) -> set[str]:
        """The examples that this test file does not name."""
        named = re.findall(r'EXAMPLES\["(\w+)"\]', Path(test).read_text("utf-8"))
        return self.examples.keys() - set(named)


def undated(answer: Any) -> Any:
    """The same for every moment: no two runs have the same one."""
    return json.loads(MOMENT.sub("…", json.dumps(answer, ensure_ascii=False)))
