"""The refusals of models/refusals.py as GraphQL types."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache

import strawberry

from models import refusals
from models.texts.text import Reader, render


@strawberry.interface(
    description="An ordinary no, in words for a person; its type and fields are for the program."
)
class Refusal:
    message: str


@strawberry.type(description="The customer has an owner: somebody was faster.")
class AlreadyHeld(Refusal):
    pass


@strawberry.type(description="The private pool is full.")
class CapacityReached(Refusal):
    held: int
    capacity: int


@strawberry.type(description="The member claimed as many customers today as the rules allow.")
class DailyLimitReached(Refusal):
    limit: int
    resets_at: datetime


@strawberry.type(description="The member lost this customer recently; others may claim it.")
class CoolingDown(Refusal):
    until: datetime


@strawberry.type(description="The customer is new to the pool: nobody may claim it before.")
class NotYetOpen(Refusal):
    opens_at: datetime


@strawberry.type(description="Only the owner may do that.")
class NotHolder(Refusal):
    pass


@strawberry.type(description="The member has as many locked customers as the rules allow.")
class LockLimitReached(Refusal):
    limit: int


@strawberry.type(description="Somebody else saved rules before: `version` is in force.")
class RulesChanged(Refusal):
    version: int


@strawberry.type(description="The member looked up as many duplicates as they may for now.")
class TooManyLookups(Refusal):
    resets_at: datetime


@strawberry.type(description="An organization's pings are ten seconds apart.")
class TooManyPings(Refusal):
    resets_at: datetime


@strawberry.type(description="The member may export fewer customers of these pools today.")
class ExportLimitReached(Refusal):
    limit: int
    left: int
    resets_at: datetime


@strawberry.type(description="The member may not do that.")
class Forbidden(Refusal):
    pass


@strawberry.type(description="There is none of this id, or the member may not see it.")
class NotFound(Refusal):
    pass


@strawberry.type(
    description="`path` leads to the wrong value, e.g. rules.reminders.0 or csv.12.phone."
)
class InputProblem:
    path: str
    message: str


@strawberry.type(description="At least one value is wrong, and nothing was done.")
class InvalidInput(Refusal):
    problems: list[InputProblem]


@cache
def refusal_types() -> dict[str, type[Refusal]]:
    """Every refusal of the contract by its name; call it when all of them are imported."""
    return {kind.__name__: kind for kind in Refusal.__subclasses__()}


def to_graphql(answer: object, reader: Reader) -> object:
    """Return a refusal as its GraphQL type, any other answer as it is.

    graphql-core raises every exception that a resolver returns, so it must not get the refusal.
    """
    if isinstance(answer, refusals.Refusal):
        return refusal_to_graphql(answer, reader)
    return answer


def refusal_to_graphql(refusal: refusals.Refusal, reader: Reader) -> Refusal:
    kind = refusal_types()[type(refusal).__name__]
    facts = {each.name: getattr(refusal, each.name) for each in fields(kind)}
    facts["message"] = refusal.said_to(reader)
    if isinstance(refusal, refusals.InvalidInput):
        facts["problems"] = problems(refusal, reader)
    return kind(**facts)


def problems(invalid: refusals.InvalidInput, reader: Reader) -> list[InputProblem]:
    return input_problems(invalid.problems, reader)


def input_problems(found: Iterable[refusals.Problem], reader: Reader) -> list[InputProblem]:
    return [InputProblem(path=each.path, message=render(each.message, reader)) for each in found]
