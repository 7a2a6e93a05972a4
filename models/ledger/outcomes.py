"""Outcomes of the verbs: done or refused; and their form in the ledger."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import refusals
from models.refusals import Duplicate, Problem, Refusal
from models.tables import Customer, Member
from models.texts import text as texts


@dataclass(frozen=True, slots=True)
class Done:
    customer: Customer


class Claimed(Done):
    pass


class Released(Done):
    pass


class Held(Done):
    pass


class CustomersMerged(Done):
    pass


class Commented(Done):
    pass


@dataclass(frozen=True, slots=True)
class ChannelSaved:
    """The channel is read where it is shown: the ledger keeps no copy."""

    channel_id: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a member's customers, by ids, as it was when they were handed over.

    `received` is how many each receiver got; `released` the first customers, by name, for whom
    nobody had room.
    """

    member: str
    received: tuple[tuple[str, int], ...]
    released: tuple[str, ...]
    released_count: int
    remaining: int


@dataclass(frozen=True, slots=True)
class SheetImported:
    """How many rows made a customer, changed one, or did neither; the id of the sheet of those."""

    created: int
    updated: int
    refused: int
    bad_rows: str | None


class CustomerErased(Done):
    pass


@dataclass(frozen=True, slots=True)
class MemberSaved:
    member: Member


Outcome = Done | ChannelSaved | HandedOver | SheetImported | MemberSaved | Refusal
DONE: dict[str, type[Done]] = {
    kind.__name__: kind
    for kind in (Claimed, Released, Held, CustomersMerged, CustomerErased, Commented)
}


def to_json(outcome: Outcome) -> dict[str, Any]:
    kind = type(outcome).__name__
    if isinstance(outcome, Done):
        return {"type": kind, "customer": str(outcome.customer.id)}
    if isinstance(outcome, MemberSaved):
        return {"type": kind, "member": str(outcome.member.id)}
    assert is_dataclass(outcome)
    return {"type": kind} | {f.name: _plain(getattr(outcome, f.name)) for f in fields(outcome)}


def customer_id(answer: dict[str, Any]) -> UUID | None:
    return UUID(answer["customer"]) if answer["type"] in DONE else None


def member_id(answer: dict[str, Any]) -> UUID | None:
    return UUID(answer["member"]) if answer["type"] == MemberSaved.__name__ else None


def from_json(
    answer: dict[str, Any], customers: dict[UUID, Customer], members: dict[UUID, Member]
) -> Outcome:
    kind, facts = answer["type"], {k: v for k, v in answer.items() if k != "type"}
    if done := DONE.get(kind):
        return done(customers[UUID(facts["customer"])])
    if kind == MemberSaved.__name__:
        return MemberSaved(members[UUID(facts["member"])])
    if kind == ChannelSaved.__name__:
        return ChannelSaved(**facts)
    if kind == HandedOver.__name__:
        return HandedOver(**{name: texts.from_json(value) for name, value in facts.items()})
    if kind == SheetImported.__name__:
        return SheetImported(**facts)
    refusal: type[Refusal] = getattr(refusals, kind)
    return refusal(**{name: _revived(name, value) for name, value in facts.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Problem):
        return {"path": value.path, "message": texts.to_json(value.message)}
    if isinstance(value, Duplicate):
        id = value.customer_id and str(value.customer_id)
        matched_on, formerly = list(value.matched_on), list(value.formerly)
        told = {"matched_on": matched_on, "standing": value.standing, "customer_id": id}
        return told | {"formerly": formerly, "refuses": value.refuses}
    return texts.to_json(value)


def _revived(name: str, value: Any) -> Any:
    if name in ("until", "resets_at", "opens_at"):
        return datetime.fromisoformat(value)
    if name == "problems":
        return tuple(Problem(each["path"], texts.from_json(each["message"])) for each in value)
    if name == "duplicates":
        return tuple(_duplicate(each) for each in value)
    return texts.from_json(value) if name == "why" else value


def _duplicate(stored: dict[str, Any]) -> Duplicate:
    """Releases before customer_key stored neither `formerly` nor `refuses`."""
    id = stored["customer_id"]
    return Duplicate(
        matched_on=tuple(stored["matched_on"]),
        standing=stored["standing"],
        customer_id=UUID(id) if id else None,
        formerly=tuple(stored.get("formerly", ())),
        refuses=stored.get("refuses", True),
    )
