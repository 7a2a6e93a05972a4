"""What the ledger keeps of an answer gives the same answer again."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from models.ledger import outcomes
from models.ledger.outcomes import (
    DONE,
    ChannelSaved,
    Done,
    HandedOver,
    MemberSaved,
    Outcome,
    SheetImported,
)
from models.refusals import (
    AlreadyHeld,
    CapacityReached,
    CoolingDown,
    DailyLimitReached,
    Duplicate,
    DuplicateFound,
    ExportLimitReached,
    Forbidden,
    InvalidInput,
    LockLimitReached,
    NotFound,
    NotHolder,
    NotYetOpen,
    Problem,
    Refusal,
    RulesChanged,
    TooManyLookups,
    TooManyPings,
)
from models.tables import Customer, Member
from models.texts.text import Language, Reader, Text, render

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
ID = UUID(int=1)
EVERY: tuple[Outcome, ...] = (
    ChannelSaved(str(ID)),
    HandedOver(str(ID), ((str(UUID(int=2)), 3), (str(UUID(int=3)), 0)), ("腾讯",), 1, 2),
    SheetImported(1, 2, 3, str(ID)),
    SheetImported(1, 0, 0, None),
    AlreadyHeld(),
    CapacityReached(2, 2),
    CoolingDown(AT),
    DailyLimitReached(3, AT),
    DuplicateFound(
        (
            Duplicate(("PHONE",), "HELD", ID, ("PHONE",), refuses=False),
            Duplicate(("NAME", "EMAIL"), "IN_POOL"),
        )
    ),
    ExportLimitReached(500, 20, AT),
    Forbidden(Text("{name} has left.", name="李雷")),
    Forbidden("Admins only."),
    InvalidInput((Problem("a", "is empty"), Problem("b", Text("at most {n}", n=3))), unlisted=4),
    LockLimitReached(3),
    NotFound(),
    NotHolder(),
    NotYetOpen(AT),
    RulesChanged(3, 2),
    TooManyLookups(AT),
    TooManyPings(AT),
)


def kept(outcome: Outcome, **rows: Any) -> Outcome:
    """Through the ledger and back."""
    stored = json.loads(json.dumps(outcomes.to_json(outcome)))
    return outcomes.from_json(stored, rows.get("customers", {}), rows.get("members", {}))


@pytest.mark.parametrize("outcome", EVERY, ids=lambda each: type(each).__name__)
def test_an_answer_comes_back_as_it_was(outcome: Outcome) -> None:
    assert kept(outcome) == outcome
    stored = outcomes.to_json(outcome)
    assert outcomes.customer_id(stored) is None
    assert outcomes.member_id(stored) is None


def test_every_refusal_is_tried() -> None:
    assert {type(each) for each in EVERY if isinstance(each, Refusal)} == {
        *Refusal.__subclasses__()
    }


def test_a_text_keeps_its_facts_for_any_language() -> None:
    name = Text("is required")
    again = kept(Forbidden(Text("name: {problem}", problem=name)))
    assert isinstance(again, Forbidden)
    assert render(again.why, Reader(Language.CHINESE)).endswith(
        render(name, Reader(Language.CHINESE))
    )
    assert again.why == "name: is required"


@pytest.mark.parametrize("name", DONE)
def test_what_was_done_is_shown_as_it_is_now(name: str) -> None:
    now = Customer(id=ID, name="腾讯")
    outcome = DONE[name](Customer(id=ID, name="旧名"))
    stored = outcomes.to_json(outcome)
    assert (outcomes.customer_id(stored), outcomes.member_id(stored)) == (ID, None)
    again = kept(outcome, customers={ID: now})
    assert isinstance(again, Done)
    assert (type(again), again.customer) == (type(outcome), now)


def test_a_saved_member_is_shown_as_they_are_now() -> None:
    now = Member(id=ID, name="李雷")
    outcome = MemberSaved(Member(id=ID, name="旧名"))
    stored = outcomes.to_json(outcome)
    assert (outcomes.member_id(stored), outcomes.customer_id(stored)) == (ID, None)
    assert kept(outcome, members={ID: now}) == MemberSaved(now)


def test_a_duplicate_that_an_older_release_stored_refuses() -> None:
    stored = {"matched_on": ["PHONE"], "standing": "HELD", "customer_id": str(ID)}
    answer = {"type": "DuplicateFound", "duplicates": [stored]}
    assert outcomes.from_json(answer, {}, {}) == DuplicateFound(
        (Duplicate(("PHONE",), "HELD", ID, (), refuses=True),)
    )
