"""What each alert says to its reader."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from models.alerts.inbox import Alert
from models.alerts.kinds import kind_of
from models.alerts.wording import words
from models.ledger.actions import ALERTS
from models.tables import Customer, Event

READER, OTHER, CUSTOMER = (UUID(int=n) for n in (1, 2, 3))
DUE, NEXT = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 5, 9, tzinfo=UTC)


def customer(**facts: Any) -> Customer:
    """Held for the second time, to be released at NEXT."""
    held = {"id": CUSTOMER, "name": "腾讯", "epoch": 2}
    return Customer(**held | {"release_at": NEXT, "release_reason": "NO_DEAL"} | facts)


def said(action: str, now: Customer | None = None, **facts: Any) -> str:
    """The message to READER, the owner, of the event as the customer is now."""
    of = {"customer_id": CUSTOMER, "epoch": 2, "member_id": READER, "details": {}, "due_at": DUE}
    event = Event(action=action, **of | facts)
    kind = kind_of(event, READER)
    assert kind
    return words(Alert(event, kind, "", read=False), now or customer(), READER)


def test_a_reminder_tells_the_present_deadline() -> None:
    due = "腾讯 will be released at 5 March 2026, 09:00 (UTC)"
    for reason, why in (
        ("NOT_FOLLOWED_UP", "no follow-up by then."),
        ("NO_DEAL", "no deal by then."),
        ("MAX_HOLD", "the longest hold ends."),
        ("CONTRACT_ENDED", "its contract ends."),
    ):
        assert said("REMINDED", customer(release_reason=reason)) == f"{due}: {why}"


def test_a_reminder_of_another_hold_or_no_deadline_is_off() -> None:
    off = "腾讯 is no longer due to be released at 2 March 2026, 09:00 (UTC)."
    free = customer(release_at=None, release_reason=None)
    assert said("REMINDED", free) == said("REMINDED", epoch=1) == off
    merged = "A customer that you held was merged into 腾讯."
    assert said("REMINDED", customer(id=OTHER)) == merged


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("NOT_FOLLOWED_UP", "腾讯 was released: no follow-up in time."),
        ("NO_DEAL", "腾讯 was released: no deal in time."),
        ("MAX_HOLD", "腾讯 was released: the longest hold ended."),
        ("CONTRACT_ENDED", "腾讯 was released: its contract ended."),
        ("GIVEN_BACK", "腾讯 was given back to the pool."),
        (None, "腾讯 was given back to the pool."),
        ("TRANSFERRED", "腾讯 was transferred to a colleague."),
        ("MERGED", "A customer that you held was merged into 腾讯."),
        ("ERASED", "The data of a customer that you held was erased."),
        ("MEMBER_LEFT", "腾讯 was released: its owner left."),
    ],
)
def test_a_release_says_why_and_whether_its_reminder_is_missing(
    reason: str | None, message: str
) -> None:
    assert said("RELEASED", release_reason=reason) == message
    missed = said("RELEASED", release_reason=reason, details={"missed_reminders": ["P1D"]})
    assert missed == f"{message} Its reminder could not be sent in time."
    assert said("RELEASED", release_reason=reason, details={"missed_reminders": []}) == message


def test_a_transfer_says_to_whom_it_went() -> None:
    assert said("TRANSFERRED") == "腾讯 was transferred to you."
    lost = said("TRANSFERRED", member_id=OTHER, former_id=READER)
    assert lost == "腾讯 was transferred to a colleague."


def test_what_is_at_risk_is_counted() -> None:
    at = "at 2 March 2026, 09:00 (UTC)."
    assert said("ESCALATED", details={"count": 1}) == f"腾讯 will be released {at}"
    many = said("ESCALATED", details={"count": 2})
    assert many == f"2 customers will be released soon, first 腾讯 {at}"


def test_a_comment_is_told_while_its_text_is_there() -> None:
    assert said("COMMENTED", reason="问问预算") == "A comment on 腾讯: 问问预算"
    assert said("COMMENTED") == "There was a comment on 腾讯."


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("ASSIGNED", "腾讯 was assigned to you."),
        ("EXTENDED", "腾讯 has an extension: it was approved."),
        ("EXTENSION_DECLINED", "腾讯 has no extension: it was declined."),
        ("DEAL_CONFIRMED", "The deal with 腾讯 was confirmed."),
        ("DEAL_DECLINED", "The deal with 腾讯 was declined."),
    ],
)
def test_a_decision_says_what_was_decided(action: str, message: str) -> None:
    assert said(action) == message


def test_every_alert_has_words() -> None:
    for action in ALERTS:
        assert "腾讯" in said(action, details={"count": 1})


def test_an_event_alerts_whom_its_action_names_alone() -> None:
    event = Event(action="TRANSFERRED", member_id=OTHER, former_id=None, actor_id=READER)
    assert kind_of(event, READER) is None
    assert kind_of(event, OTHER) == "TRANSFERRED"
    assert kind_of(Event(action="CLAIMED", member_id=READER), READER) is None
