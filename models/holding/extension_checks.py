"""What refuses an extension: its length, and a deadline that can't move."""

from datetime import datetime

from models.holding.holdings import Holding
from models.refusals import Forbidden, InvalidInput
from models.rules import deadlines
from models.rules.durations import LONGEST, NOTHING, Span
from models.texts.text import Text

TEXT_LENGTH = 500


def refuse_span(holding: Holding, by: Span) -> None:
    """Compares the dates that the spans lead to: P1W and working days compare by nothing else."""
    longest = holding.rules.extension_limit
    if longest is None:
        raise Forbidden("This pool grants no extensions.")
    if by.length <= NOTHING:
        raise InvalidInput.at("by", "must be longer than zero")
    if later(holding, holding.now, by) > later(holding, holding.now, longest):
        raise InvalidInput.at("by", Text("must be no longer than {longest}", longest=str(longest)))


def movable_deadline(holding: Holding) -> datetime:
    """Return the deadline that an extension moves; refuse where there is none."""
    at = deadlines.extendable(holding.rules, holding.facts, holding.calendar)
    if at is None or at - holding.now > LONGEST:
        raise InvalidInput.at("customerId", "has no deadline to extend")
    return at


def later(holding: Holding, moment: datetime, span: Span) -> datetime:
    return holding.calendar.after(moment, span, holding.rules.working_days)
