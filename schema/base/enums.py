"""The contract's enumerations; the domain speaks of their values as plain text."""

from enum import StrEnum

import strawberry

from models.rules.deadlines import ReleaseReason

strawberry.enum(ReleaseReason)


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
class Action(StrEnum):
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    MOVED = "MOVED"
    CLAIMED = "CLAIMED"
    ASSIGNED = "ASSIGNED"
    TRANSFERRED = "TRANSFERRED"
    FOLLOWED_UP = "FOLLOWED_UP"
    WON = "WON"
    LOCKED = "LOCKED"
    UNLOCKED = "UNLOCKED"
    EXTENDED = "EXTENDED"
    REMINDED = "REMINDED"
    RELEASED = "RELEASED"


@strawberry.enum
class AlertKind(StrEnum):
    REMINDER = "REMINDER"
    RELEASED = "RELEASED"
    ASSIGNED = "ASSIGNED"
    TRANSFERRED = "TRANSFERRED"
    EXTENSION_DECIDED = "EXTENSION_DECIDED"


@strawberry.enum
class ExtensionStatus(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"


@strawberry.enum
class PoolChangeKind(StrEnum):
    OPENED = "OPENED"
    CLAIMED = "CLAIMED"


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
