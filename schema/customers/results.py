"""Results of the mutations that change or work on an ownership."""

from datetime import datetime
from typing import Annotated

import strawberry

from models import tables
from models.ledger import outcomes
from models.ownership import claimable
from schema.base.nodes import shows
from schema.base.references import CUSTOMER
from schema.base.refusals import (
    AlreadyHeld,
    CapacityReached,
    CoolingDown,
    DailyLimitReached,
    Forbidden,
    InvalidInput,
    LockLimitReached,
    NotFound,
    NotHolder,
    NotYetOpen,
    TooManyLookups,
)
from schema.customers.duplicates import DuplicateFound


@strawberry.type
class Claimable:
    is_type_of = shows(claimable.Claimable)
    release_at: datetime | None = strawberry.field(
        description="When it would be released if nothing was done."
    )


@strawberry.type
class Claimed:
    is_type_of = shows(outcomes.Claimed)
    customer: tables.Customer = strawberry.field(graphql_type=CUSTOMER)


@strawberry.type
class Released:
    is_type_of = shows(outcomes.Released)
    customer: tables.Customer = strawberry.field(graphql_type=CUSTOMER)


@strawberry.type
class Held:
    is_type_of = shows(outcomes.Held)
    customer: tables.Customer = strawberry.field(graphql_type=CUSTOMER)


@strawberry.type
class Commented:
    is_type_of = shows(outcomes.Commented)
    customer: tables.Customer = strawberry.field(graphql_type=CUSTOMER)


@strawberry.type
class CustomerSaved:
    customer: tables.Customer = strawberry.field(graphql_type=CUSTOMER)


ClaimCheck = Annotated[
    Claimable
    | AlreadyHeld
    | CapacityReached
    | DailyLimitReached
    | CoolingDown
    | NotYetOpen
    | Forbidden,
    strawberry.union("ClaimCheck"),
]
ClaimResult = Annotated[
    Claimed
    | AlreadyHeld
    | CapacityReached
    | DailyLimitReached
    | CoolingDown
    | NotYetOpen
    | Forbidden
    | NotFound,
    strawberry.union("ClaimResult"),
]
ReleaseResult = Annotated[
    Released | NotHolder | Forbidden | NotFound | InvalidInput, strawberry.union("ReleaseResult")
]
HoldResult = Annotated[
    Held | NotHolder | LockLimitReached | Forbidden | NotFound | InvalidInput,
    strawberry.union("HoldResult"),
]
CommentResult = Annotated[
    Commented | Forbidden | NotFound | InvalidInput, strawberry.union("CommentResult")
]
CustomerResult = Annotated[
    CustomerSaved
    | DuplicateFound
    | TooManyLookups
    | NotHolder
    | Forbidden
    | NotFound
    | InvalidInput,
    strawberry.union("CustomerResult"),
]
