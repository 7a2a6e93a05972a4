"""The pages that people read, as the tests see them: prose, links, and examples by name."""

import json
import re
from pathlib import Path
from typing import Any

from tests.support.running import ROOT

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\d+年\d+月\d+日 [\d:]+")
NAME = re.compile(r"(?:query|mutation|subscription) (\w+)")
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")],
    key=lambda path: path.relative_to(ROOT).parts,
)


class Page:
    def __init__(self, name: str) -> None:
        self.text = (ROOT / name).read_text("utf-8")
        blocks = self.blocks("graphql")
        self.examples = {name: block for block in blocks for name in NAME.findall(block)}
        assert len(self.examples) == len(blocks)

    @property
    def answers(self) -> list[Any]:
        """The answers that the page shows, without their moments."""
        return [undated(json.loads(block)) for block in self.blocks("json")]

    def blocks(self, language: str) -> list[str]:
        return re.findall(rf"```{language}\n(.*?)```", self.text, re.DOTALL)

    def not_run_by(self, test: str) -> set[str]:
        """The examples that this test file does not name."""
        named = re.findall(r'EXAMPLES\["(\w+)"\]', Path(test).read_text("utf-8"))
        return self.examples.keys() - set(named)


def undated(answer: Any) -> Any:
    """The same answer with a mark for each moment: no two runs have the same moments."""
    return json.loads(MOMENT.sub("…", json.dumps(answer, ensure_ascii=False)))


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def without_blocks(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)
