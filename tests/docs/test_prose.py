"""The prose rule of docs/style.md: short sentences, no word that hides a subject; whole tables."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, name_of, without_blocks

MOST_WORDS = 20
OBLIQUE = re.compile(r"\b(whoever|whomever|whatever|anew|by now|meanwhile|told|of which)\b", re.I)
END = re.compile(r"(?<=[.!?:;])[\s\"”)*_]+|\n\s*\n|\n\s*[-*|#]|\n\d+\. |\|")
CELL_END = re.compile(r"(?<!\\)\|")
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=name_of)


@EACH_PAGE
def test_no_sentence_has_more_than_20_words(page: Path) -> None:
    assert [each for each in sentences(page) if len(each.split()) > MOST_WORDS] == []


@EACH_PAGE
def test_no_sentence_has_an_oblique_word(page: Path) -> None:
    assert [each for each in sentences(page) if OBLIQUE.search(each)] == []


@EACH_PAGE
def test_every_row_of_a_table_has_as_many_cells_as_its_head(page: Path) -> None:
    text = re.sub(r"`[^`]*`", "code", without_blocks(page.read_text("utf-8")))
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert [row for table in tables for row in uneven_rows(table)] == []


def uneven_rows(table: str) -> list[str]:
    head, *rows = table.splitlines()
    return [row for row in rows if len(CELL_END.findall(row)) != len(CELL_END.findall(head))]


def sentences(page: Path) -> Iterator[str]:
    """The page's sentences, each code span as one word; a list item or table cell ends one."""
    text = re.sub(r"^(#.*)$", r"\1\n", without_blocks(page.read_text("utf-8")), flags=re.MULTILINE)
    text = re.sub(r"`[^`]*`", "code", re.sub(r"\]\([^)]*\)", "]", text))
    for part in END.split(text):
        if words := " ".join(part.split()):
            yield words
