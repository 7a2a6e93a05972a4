"""What an owner can do to keep a customer, as the API's `remedy`."""

from functools import lru_cache

from models.rules.absences import Absence
from models.rules.deadlines import FIXED, Condition, ReleaseReason
from models.rules.rules import Rules
from models.texts.text import PLAIN, Language, Reader, Text, render

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


def remedy(condition: Condition, rules: Rules, reader: Reader = PLAIN) -> str:
    """Return the advice. An extension moves no FIXED reason; a lock stops any release."""
    return _rendered(
        reader.language,
        condition.reason,
        condition.level_ignored,
        condition.stood_still,
        rules.deal_exempts,
        rules.deal_approval,
        rules.won_for is not None,
        rules.extension_limit is not None,
        rules.lock_limit > 0,
    )


@lru_cache(maxsize=1024)
def _rendered(
    language: Language,
    reason: ReleaseReason,
    level_ignored: bool,
    stood_still: Absence | None,
    exempts: bool,
    approval: bool,
    contract: bool,
    extension: bool,
    lock: bool,
) -> str:
    """Rendered once for many rows; no fact in it has a time zone."""
    remedy = _remedy(reason, exempts, contract)
    if approval and remedy not in (FOLLOW_UP, NOTHING):
        remedy = Text(
            "{remedy} A deal counts once an administrator of the pool has confirmed it.",
            remedy=remedy,
        )
    if level_ignored:
        remedy = Text(
            "{remedy} The level that an owner wrote does not move this date; an administrator of"
            " the pool may set it.",
            remedy=remedy,
        )
    if stood_still:
        remedy = Text(
            "{remedy} The clock stands still while the owner is absent, from {first} to {last}.",
            remedy=remedy,
            first=str(stood_still.first),
            last=str(stood_still.last),
        )
    if extension and reason not in FIXED:
        remedy = Text("{remedy} You may also ask for an extension.", remedy=remedy)
    if lock:
        remedy = Text("{remedy} While you lock the customer, it is not released.", remedy=remedy)
    return render(remedy, Reader(language))


def _remedy(reason: ReleaseReason, exempts: bool, contract: bool) -> Text:
    if reason is ReleaseReason.NOT_FOLLOWED_UP:
        return FOLLOW_UP
    if reason is ReleaseReason.NO_DEAL:
        return DEAL
    if reason is ReleaseReason.CONTRACT_ENDED:
        return FURTHER_DEAL
    if not exempts:
        return NOTHING
    return EXEMPTING_CONTRACT if contract else EXEMPTING_DEAL
