"""What the pages name exists: links, anchors, files, names in files, targets and commands."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, name_of, without_blocks
from tests.support.running import ROOT, clean_environment

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMES_IN = re.compile(r"((?:`\w+`(?:, | and )?)+) in \[[^\]]*\]\(([^)#\s]+\.(?:py|sql))\)")
DOTTED = re.compile(r"`([a-z]\w*)\.(\w+)`")
PATH = re.compile(r"`((?:[\w.-]+/)+|(?:[\w.-]+/)*[\w-]+\.(?:py|sql|md|graphql|toml|txt|yml))`")
MADE_AT_RUN_TIME = {"data/"}
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=name_of)


@pytest.fixture(scope="module")
def commands() -> set[str]:
    """The commands that `manage.py --help` lists."""
    help = subprocess.run(
        [sys.executable, "manage.py", "--help"],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    _, _, listed = help.stdout.partition("Commands")
    return set(re.findall(r"^\W*(\w+)\s", listed, re.MULTILINE))


@EACH_PAGE
def test_every_link_leads_to_a_file_and_its_heading(page: Path) -> None:
    assert [link for link in local_links(page) if not leads_somewhere(page, link)] == []


@EACH_PAGE
def test_every_name_is_in_the_file_that_is_linked(page: Path) -> None:
    named = [
        (name, link)
        for names, link in NAMES_IN.findall(page.read_text("utf-8"))
        for name in re.findall(r"\w+", names.replace(" and ", " "))
    ]
    assert [(name, link) for name, link in named if not has(page.parent / link, name)] == []


@EACH_PAGE
def test_every_dotted_name_beside_a_link_is_in_a_linked_file(page: Path) -> None:
    missing = []
    for line in page.read_text("utf-8").splitlines():
        files = {Path(link).stem: page.parent / link for link in LINK.findall(line)}
        for stem, name in DOTTED.findall(line):
            if stem in files and name != "py" and not has(files[stem], name):
                missing.append(f"{stem}.{name}")
    assert missing == []


@EACH_PAGE
def test_every_path_exists(page: Path) -> None:
    named = set(PATH.findall(without_blocks(page.read_text("utf-8")))) - MADE_AT_RUN_TIME
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


@EACH_PAGE
def test_every_make_target_is_in_the_makefile(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"(?:^|`|true )make (\w+)", page.read_text("utf-8"), re.MULTILINE))
    assert sorted(target for target in named if f"\n{target}:" not in makefile) == []


@EACH_PAGE
def test_every_command_of_manage_exists(page: Path, commands: set[str]) -> None:
    named = set(re.findall(r"manage\.py (\w+)", page.read_text("utf-8")))
    assert sorted(named - commands) == []


def local_links(page: Path) -> Iterator[str]:
    for link in LINK.findall(without_blocks(page.read_text("utf-8"))):
        if "://" not in link:
            yield link


def leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    if not target.exists():
        return False
    return not anchor or anchor in {slug(line) for line in headings(target)}


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", without_blocks(page.read_text("utf-8")), re.MULTILINE)


def slug(heading: str) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def has(file: Path, name: str) -> bool:
    return file.exists() and re.search(rf"\b{name}\b", file.read_text("utf-8")) is not None
