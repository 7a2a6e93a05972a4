"""The customers that lie open in pools that deal them out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from models import database
from models.distribution.receivers import Dealer, dealer_of
from models.distribution.turns import Receiver
from models.rules.rules import parsed_rules
from models.sharding.share import Share
from models.tables import CUSTOMER_COLUMNS, ORGANIZATION_COLUMNS, Customer
from models.taking.candidates import Candidate
from models.taking.cool_downs import LOSSES, cool_down_end

Place = tuple[datetime, UUID]
# A pool, and the place up to which all of it were passed.
Passed = tuple[Dealer, Place]
# Before and behind any opening of a customer at a time.
START: Place = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
LAST_ID = UUID(int=2**128 - 1)

DEALING = f"""
SELECT p.id, p.rules, p.rules_version, {ORGANIZATION_COLUMNS}, clock_timestamp() AS now
FROM pool p JOIN organization o ON o.id = p.organization_id
WHERE p.rules ->> 'distribution' IS NOT NULL
"""


def _waiting(organization: str) -> str:
    return f"""
SELECT w.pool_id FROM unnest(
  $1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::timestamptz[]
) AS w(organization_id, pool_id, passed_at, passed_id, opened_by)
WHERE EXISTS (
  SELECT FROM customer c WHERE c.organization_id = {organization} AND c.pool_id = w.pool_id
    AND c.owner_id IS NULL AND c.opened_at <= w.opened_by
    AND (c.opened_at, c.id) > (w.passed_at, w.passed_id))
"""


WAITING = _waiting("w.organization_id")
WAITING_OF = _waiting("$6")
# What any of the members $7 lost, and who.
LOSSES_OF_MANY = LOSSES.replace("= w.member_id", "= ANY($7::uuid[])").replace(
    "array_agg(e.at)", "array_agg(e.former_id) AS lost_by, array_agg(e.at)"
)
OPEN = f"""
SELECT {CUSTOMER_COLUMNS}, c.xmin::text AS revision, losses.*
FROM customer c {LOSSES_OF_MANY}
WHERE c.organization_id = $1 AND c.pool_id = $2 AND c.owner_id IS NULL AND c.opened_at <= $3
  AND (c.opened_at, c.id) > ($4, $5)
ORDER BY c.opened_at, c.id LIMIT $6
"""
LOST = ("lost_at", "cool_downs", "cool_down_works")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer that may be dealt out, and to whom its cool-down forbids it now."""

    customer: Customer
    revision: str
    forbidden: frozenset[UUID]

    @property
    def place(self) -> Place:
        assert self.customer.opened_at is not None
        return self.customer.opened_at, self.customer.id

    def candidate(self, dealer: Dealer, receiver: Receiver, at: datetime) -> Candidate:
        return Candidate(
            customer=self.customer,
            revision=self.revision,
            rules=dealer.rules,
            rules_version=dealer.rules_version,
            calendar=dealer.calendar,
            now=at,
            seated=True,
            held=receiver.held,
            claimed_on=None,
            claimed_today=0,
            cools_until=None,
        )


async def dealers(share: Share) -> list[Dealer]:
    """Return every pool of the share that deals its customers out."""
    read = [
        dealer_of(row, row["id"], parsed_rules(row["rules"]))
        for row in share.of(await database.records(DEALING))
    ]
    return [each for each in read if each]


async def pools_with_waiting(passed: Iterable[Passed]) -> set[UUID]:
    """Return the pools with a customer that waits behind the place, up to which all were passed."""
    rows = await database.records(WAITING, *_columns(passed))
    return {row["pool_id"] for row in rows}


async def pools_with_waiting_by_organization(passed: Iterable[Passed]) -> set[UUID]:
    """Like `pools_with_waiting`, by a statement for each organization."""
    of = defaultdict[UUID, list[Passed]](list)
    for each in passed:
        of[each[0].organization_id].append(each)
    found = [await database.records(WAITING_OF, *_columns(some), id) for id, some in of.items()]
    return {row["pool_id"] for rows in found for row in rows}


async def read_waiting(
    dealer: Dealer, receivers: Iterable[Receiver], place: Place, most: int
) -> list[Waiting]:
    """Return those behind the place, the one that opened first comes first."""
    members = [each.member.id for each in receivers]
    where = (dealer.organization_id, dealer.pool_id, dealer.opened_by)
    rows = await database.records(OPEN, *where, *place, most, members)
    return [
        Waiting(database.as_model(Customer, row), row["revision"], _forbidden(dealer, row))
        for row in rows
    ]


def _columns(passed: Iterable[Passed]) -> list[list[Any]]:
    rows = [(each.organization_id, each.pool_id, *place, each.opened_by) for each, place in passed]
    return list(map(list, zip(*rows, strict=True)))


def _forbidden(dealer: Dealer, row: Mapping[str, Any]) -> frozenset[UUID]:
    """Return who lost the customer and can't have it again yet."""
    if not row["lost_at"]:
        return frozenset()
    losses = defaultdict[UUID, dict[str, list[Any]]](lambda: {name: [] for name in LOST})
    for member_id, *loss in zip(row["lost_by"], *(row[name] for name in LOST), strict=True):
        for name, value in zip(LOST, loss, strict=True):
            losses[member_id][name].append(value)
    ends = {id: cool_down_end(each, dealer.rules, dealer.calendar) for id, each in losses.items()}
    return frozenset(id for id, end in ends.items() if end and end > dealer.now)
