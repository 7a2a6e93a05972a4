"""What an owner can do to keep a customer, as the API's `remedy`."""

from models.rules.deadlines import FIXED, Condition, ReleaseReason
from models.rules.rules import Rules
from models.texts.text import Text

FOLLOW_UP = Text("Log a follow-up before then.")
DEAL = Text("Record a signed deal before then.")
EXEMPTING_DEAL = Text(
    "Record a signed deal before then: signed customers stay. Follow-ups do not move this date."
)
EXEMPTING_CONTRACT = Text(
    "Record a signed deal before then: signed customers stay until their contract ends."
    " Follow-ups do not move this date."
)
FURTHER_DEAL = Text(
    "Record a further signed deal before then: the contract then counts from that deal."
)
NOTHING = Text("Neither follow-ups nor deals move this date.")


def remedy(condition: Condition, rules: Rules) -> str:
    """Return the advice. An extension moves no FIXED reason; a lock stops any release."""
    remedy = _remedy(condition.reason, rules)
    if rules.deal_approval and remedy not in (FOLLOW_UP, NOTHING):
        remedy = Text(
            "{remedy} A deal counts once an administrator of the pool has confirmed it.",
            remedy=remedy,
        )
    if condition.level_ignored:
        remedy = Text(
            "{remedy} The level that an owner wrote does not move this date; an administrator of"
            " the pool may set it.",
            remedy=remedy,
        )
    if condition.stood_still:
        remedy = Text(
            "{remedy} The clock stands still while the owner is absent, from {first} to {last}.",
            remedy=remedy,
            first=str(condition.stood_still.first),
            last=str(condition.stood_still.last),
        )
    if rules.extension_limit and condition.reason not in FIXED:
        remedy = Text("{remedy} You may also ask for an extension.", remedy=remedy)
    if rules.lock_limit:
        remedy = Text("{remedy} While you lock the customer, it is not released.", remedy=remedy)
    return remedy


def _remedy(reason: ReleaseReason, rules: Rules) -> Text:
    if reason is ReleaseReason.NOT_FOLLOWED_UP:
        return FOLLOW_UP
    if reason is ReleaseReason.NO_DEAL:
        return DEAL
    if reason is ReleaseReason.CONTRACT_ENDED:
        return FURTHER_DEAL
    if not rules.deal_exempts:
        return NOTHING
    return EXEMPTING_CONTRACT if rules.won_for else EXEMPTING_DEAL
