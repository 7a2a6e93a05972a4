"""Every sentence in the code has a translation; every translation is used, or stored."""

import re
import string
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from models.texts.catalogues import CATALOGUES
from models.texts.text import Language, Reader, Text, from_json, render

ROOT = Path(__file__).parents[3]
CHINESE = ROOT / "models/texts/locale/zh/LC_MESSAGES/seapool.po"
STORED = re.compile(r"stored by \d+\.\d+")
IN_CHINESE = Reader(Language.CHINESE)
# Signs between names alone.
WITHOUT_WORDS = ("{path}: {problem}", "{member}: {message}")


@cache
def catalogue() -> Catalog:
    with CHINESE.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What pybabel finds in the code."""
    template = tmp_path_factory.mktemp("sentences") / "seapool.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "extract", "-o", str(template)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with template.open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.id}


def test_every_sentence_has_a_translation(sentences: set[str]) -> None:
    translated = {message.id for message in catalogue() if message.string and not message.fuzzy}
    assert sorted(sentences - translated) == []


def test_every_translation_is_used(sentences: set[str]) -> None:
    assert sorted({str(each.id) for each in catalogue() if each.id} - sentences) == []


def test_a_sentence_that_the_code_lost_is_kept_only_for_stored_answers(
    sentences: set[str],
) -> None:
    lost = list(catalogue().obsolete.values())
    assert [each.id for each in lost if not any(map(STORED.fullmatch, each.user_comments))] == []
    assert {str(each.id) for each in lost} & sentences == set()


def test_the_extraction_finds_sentences_wherever_they_are_written(sentences: set[str]) -> None:
    assert {
        "Only managers and admins create pools.",
        "You may not do that.",
        "This customer already has an owner.",
        "registration number",
        "must be no longer than maxHold",
        "must be no longer than {most} characters",
        "is the same as in line {line}",
        "say why, in 1 to {most} characters",
        "was used for another request; use a new key for each request",
        "Something went wrong on our side. Quote the request id {id}.",
        "{remedy} You may also ask for an extension.",
        "{customer} was released: no deal in time.",
        "there was no answer within {seconds:g} s",
        "it answered {status}: redirects are not followed",
        "it can't be posted: {fault}",
        "must be a decimal number, e.g. 1280.50",
        "must be no longer than P36500D",
    } <= sentences


@pytest.mark.parametrize("english", sorted(CATALOGUES["zh"]))
def test_a_translation_has_the_same_facts_in_chinese(english: str) -> None:
    chinese = CATALOGUES["zh"][english]
    assert facts(chinese) == facts(english)
    assert re.search("[一-鿿]", chinese) or english in WITHOUT_WORDS


@pytest.mark.parametrize(
    ("template", "chinese"),
    [
        ("has rules already", "该级别已有规则"),
        ("is the second for the same one", "对同一成员或部门重复设置"),
        ("There is nothing by this id that you may see.", "该编号下没有您可以查看的内容。"),
    ],
)
def test_a_stored_sentence_that_the_code_lost_is_still_translated(
    template: str, chinese: str
) -> None:
    assert render(template, IN_CHINESE) == chinese
    assert render(from_json({"template": template, "facts": {}}), IN_CHINESE) == chinese
    assert Text(template) == template


def test_every_language_but_english_has_a_catalogue() -> None:
    assert {Language.ENGLISH.value, *CATALOGUES} == {each.value for each in Language}


def facts(template: str) -> set[tuple[str, str]]:
    return {(name, form or "") for _, name, form, _ in string.Formatter().parse(template) if name}
