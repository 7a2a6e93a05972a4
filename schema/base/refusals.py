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


@strawberry.type
class AlreadyHeld(Refusal):
    pass


@strawberry.type
class CapacityReached(Refusal):
    held: int
    capacity: int


@strawberry.type
class DailyLimitReached(Refusal):
    limit: int
    resets_at: datetime


@strawberry.type
class CoolingDown(Refusal):
    until: datetime


@strawberry.type
class NotYetOpen(Refusal):
    opens_at: datetime


@strawberry.type
class NotHolder(Refusal):
    pass


@strawberry.type
class LockLimitReached(Refusal):
    limit: int


@strawberry.type(description="Somebody saved rules meanwhile: `version` is in force.")
class RulesChanged(Refusal):
    version: int


@strawberry.type
class TooManyLookups(Refusal):
    resets_at: datetime


@strawberry.type(description="An organization's pings are ten seconds apart.")
class TooManyPings(Refusal):
    resets_at: datetime


@strawberry.type
class ExportLimitReached(Refusal):
    limit: int
    left: int
    resets_at: datetime


@strawberry.type
class Forbidden(Refusal):
    pass


@strawberry.type
class NotFound(Refusal):
    pass


@strawberry.type(
    description="`path` leads to the wrong value, e.g. rules.reminders.0 or csv.12.phone."
)
class InputProblem:
    path: str
    message: str


@strawberry.type
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
