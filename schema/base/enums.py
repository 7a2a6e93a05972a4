"""The contract's enumerations; the domain uses their values as plain text."""

from enum import StrEnum
from typing import Any

import strawberry

from models.ledger.actions import PUBLIC, AlertKind, PoolChangeKind
from models.rules.deadlines import ReleaseReason
from models.rules.distribution import Strategy

# Any: mypy does not understand an enum whose names are computed.
make_enum: Any = StrEnum
Action: Any = strawberry.enum(make_enum("Action", {name: name for name in PUBLIC}))
strawberry.enum(AlertKind)
strawberry.enum(PoolChangeKind)
strawberry.enum(ReleaseReason)
strawberry.enum(Strategy, name="DistributionStrategy")


@strawberry.enum
class Role(StrEnum):
    SALES = "SALES"
    MANAGER = "MANAGER"
    ADMIN = "ADMIN"


@strawberry.enum
class HeldOrder(StrEnum):
    RELEASE_SOONEST = "RELEASE_SOONEST"
    CLAIMED_LATEST = "CLAIMED_LATEST"
    NAME = "NAME"


@strawberry.enum
class PoolOrder(StrEnum):
    OPENED_LATEST = "OPENED_LATEST"
    OPENED_EARLIEST = "OPENED_EARLIEST"
    NAME = "NAME"


@strawberry.enum
class ContactField(StrEnum):
    PERSON = "PERSON"
    PHONE = "PHONE"
    EMAIL = "EMAIL"


@strawberry.enum
class FollowUpKind(StrEnum):
    VISIT = "VISIT"
    CALL = "CALL"
    MESSAGE = "MESSAGE"
    MEETING = "MEETING"
    OTHER = "OTHER"


@strawberry.enum
class ExtensionStatus(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"


@strawberry.enum
class DuplicateKey(StrEnum):
    REGISTRATION_NUMBER = "REGISTRATION_NUMBER"
    NAME = "NAME"
    PHONE = "PHONE"
    EMAIL = "EMAIL"


@strawberry.enum
class DuplicateStanding(StrEnum):
    IN_POOL = "IN_POOL"
    HELD_BY_YOU = "HELD_BY_YOU"
    HELD_BY_COLLEAGUE = "HELD_BY_COLLEAGUE"


@strawberry.enum
class DeliveryStatus(StrEnum):
    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
