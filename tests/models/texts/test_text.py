"""A text is rendered for its reader, also after it was stored."""

from datetime import UTC, datetime

import pytest

from models import refusals
from models.ledger import outcomes
from models.refusals import CoolingDown, Forbidden, InvalidInput, Problem
from models.texts.text import Language, Reader, Text, from_json, render, to_json

IN_SHANGHAI = Reader(Language.CHINESE, "Asia/Shanghai")


def test_a_text_without_a_translation_stays_as_it_is() -> None:
    assert render("没有{需求}", IN_SHANGHAI) == "没有{需求}"
    assert Text("{name} has left and can't be given customers.", name="{x}").startswith("{x} has")


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("must be longer than zero", "must be longer than zero", "必须大于零"),
        (
            Text("has more than {most:,} rows", most=50_000),
            "has more than 50,000 rows",
            "超过 50,000 行",
        ),
        (
            Text("there was no answer within {seconds:g} s", seconds=10.0),
            "there was no answer within 10 s",
            "10 秒内没有应答",
        ),
        (
            Text("must be one of {roles}", roles=("admin", Text("name"))),
            "must be one of admin, name",
            "必须是以下之一：admin、名称",
        ),
        (
            Text("{path}: {problem}", path="by", problem=Text("must be longer than zero")),
            "by: must be longer than zero",
            "by：必须大于零",
        ),
    ],
)
def test_facts_keep_their_format_in_both_languages(text: str, english: str, chinese: str) -> None:
    assert render(text, Reader()) == text == english
    assert render(text, IN_SHANGHAI) == chinese


@pytest.mark.parametrize(
    "stored",
    [
        "is required",
        {"template": "must have 1 to {most} characters", "facts": {"most": 500}},
        {
            "template": "{path}: {problem}",
            "facts": {"path": "a", "problem": {"template": "is required", "facts": {}}},
        },
        {"template": "must be one of {roles}", "facts": {"roles": ["admin", "member"]}},
    ],
)
def test_stored_texts_are_read_back(stored: object) -> None:
    assert to_json(from_json(stored)) == stored


def test_a_stored_refusal_is_rendered_in_either_language() -> None:
    problem = Problem("note", Text("must have 1 to {most} characters", most=500))
    for refusal in (
        InvalidInput((problem,)),
        Forbidden(Text("{name} has left and can't be given customers.", name="韩梅梅")),
        Forbidden("Only managers and admins create pools."),
        CoolingDown(datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ):
        again = outcomes.from_json(outcomes.to_json(refusal), {}, {})
        assert isinstance(again, refusals.Refusal)
        assert again == refusal
        assert again.said_to(IN_SHANGHAI) == refusal.said_to(IN_SHANGHAI) != refusal.message
