"""The ledger's catalogue: every action of an event, and what follows from it.

Enums, histories, alerts, feeds, webhooks and the check of the table `event` follow it. A stored
action keeps its name for ever; a new one needs a migration of that check.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PoolChangeKind(StrEnum):
    OPENED = "OPENED"
    CLAIMED = "CLAIMED"


class AlertKind(StrEnum):
    REMINDER = "REMINDER"
    RELEASED = "RELEASED"
    ASSIGNED = "ASSIGNED"
    TRANSFERRED = "TRANSFERRED"
    EXTENSION_DECIDED = "EXTENSION_DECIDED"
    DEAL_DECIDED = "DEAL_DECIDED"
    COMMENTED = "COMMENTED"
    AT_RISK = "AT_RISK"


class Party(StrEnum):
    """A member whom an event names; the value is the column of `event`."""

    OWNER = "member_id"
    FORMER_OWNER = "former_id"
    ACTOR = "actor_id"


@dataclass(frozen=True, slots=True)
class Action:
    """`public`: shown in histories, and a value of the contract's enum Action.

    `pool` is how it changes the pool that the event names, `alert` what it is to those whom it
    `alerts`, and `webhook` the type of the message that webhooks receive. None means nothing.
    """

    name: str
    public: bool = True
    pool: PoolChangeKind | None = None
    alert: AlertKind | None = None
    alerts: tuple[Party, ...] = ()
    webhook: str | None = None


CATALOGUE = (
    # A customer's life. The contract's enum has this order.
    Action("CREATED", pool=PoolChangeKind.OPENED, webhook="customer.created"),
    Action("UPDATED", webhook="customer.updated"),
    Action("MOVED", pool=PoolChangeKind.OPENED, webhook="customer.moved"),
    Action("CLAIMED", pool=PoolChangeKind.CLAIMED, webhook="customer.claimed"),
    Action(
        "ASSIGNED",
        pool=PoolChangeKind.CLAIMED,
        alert=AlertKind.ASSIGNED,
        alerts=(Party.OWNER,),
        webhook="customer.assigned",
    ),
    Action(
        "TRANSFERRED",
        alert=AlertKind.TRANSFERRED,
        alerts=(Party.OWNER, Party.FORMER_OWNER),
        webhook="customer.transferred",
    ),
    Action("FOLLOWED_UP", webhook="customer.followed_up"),
    Action("WON", webhook="customer.won"),
    Action("LOCKED", webhook="customer.locked"),
    Action("UNLOCKED", webhook="customer.unlocked"),
    Action(
        "EXTENDED",
        alert=AlertKind.EXTENSION_DECIDED,
        alerts=(Party.OWNER, Party.ACTOR),
        webhook="customer.extended",
    ),
    Action(
        "REMINDED", alert=AlertKind.REMINDER, alerts=(Party.OWNER,), webhook="customer.reminded"
    ),
    Action(
        "RELEASED",
        pool=PoolChangeKind.OPENED,
        alert=AlertKind.RELEASED,
        alerts=(Party.OWNER,),
        webhook="customer.released",
    ),
    Action("KEY_RELEASED", webhook="customer.key_released"),
    Action("MERGED", webhook="customer.merged"),
    Action("ERASED", webhook="customer.erased"),
    Action(
        "COMMENTED",
        alert=AlertKind.COMMENTED,
        alerts=(Party.OWNER,),
        webhook="customer.commented",
    ),
    # A loss of a customer that was merged into this one: the cool-down counts it.
    Action("LOSS_CARRIED", public=False),
    # A customer's too, but a history shows the decision only: EXTENDED.
    Action("EXTENSION_REQUESTED", public=False),
    Action(
        "EXTENSION_DECLINED",
        public=False,
        alert=AlertKind.EXTENSION_DECIDED,
        alerts=(Party.OWNER, Party.ACTOR),
    ),
    # And WON is the decision on a deal that waited.
    Action("DEAL_REPORTED", public=False),
    Action(
        "DEAL_CONFIRMED",
        public=False,
        alert=AlertKind.DEAL_DECIDED,
        alerts=(Party.OWNER, Party.ACTOR),
    ),
    Action(
        "DEAL_DECLINED",
        public=False,
        alert=AlertKind.DEAL_DECIDED,
        alerts=(Party.OWNER, Party.ACTOR),
    ),
    # One a day for each administrator: its customer is the first of many.
    Action(
        "ESCALATED",
        public=False,
        alert=AlertKind.AT_RISK,
        alerts=(Party.OWNER,),
        webhook="pool.at_risk",
    ),
    # The organization, its pools and members.
    Action("FOUNDED", public=False),
    Action("DEPARTMENT_SAVED", public=False),
    Action("MEMBER_SAVED", public=False),
    Action("MEMBER_LEFT", public=False),
    Action("MEMBER_RETURNED", public=False),
    Action("ABSENCE_SET", public=False),
    Action("ABSENCE_CANCELLED", public=False),
    Action("CALENDAR_CHANGED", public=False),
    Action("DUPLICATE_KEYS_CHANGED", public=False),
    Action("LOOKUP_LIMIT_CHANGED", public=False),
    # A member looked up much that nobody has: admins see it.
    Action("LOOKUPS_MISSED", public=False),
    Action("EXPORT_LIMIT_CHANGED", public=False),
    # A member asked for a sheet: of what, and how many rows.
    Action("EXPORTED", public=False),
    Action("POOL_CREATED", public=False),
    Action("RULES_CHANGED", public=False),
    Action("ACCESS_CHANGED", public=False),
    Action("RELEASES_UNDONE", public=False),
    Action("WEBHOOK_CREATED", public=False),
    Action("WEBHOOK_CHANGED", public=False),
    Action("WEBHOOK_DELETED", public=False),
    Action("CHANNEL_SAVED", public=False),
    Action("CHANNEL_DELETED", public=False),
    # Someone was given what is stored of a customer or a member.
    Action("PERSON_EXPORTED", public=False),
    Action("QUIET_HOURS_CHANGED", public=False),
    # What a member has read, and the answer to an idempotency key.
    Action("ALERTS_READ", public=False),
    Action("ANSWERED", public=False),
)

NAMES = tuple(action.name for action in CATALOGUE)
PUBLIC = tuple(action.name for action in CATALOGUE if action.public)
POOL_CHANGES = {action.name: action.pool for action in CATALOGUE if action.pool}
ALERTS = {action.name: action for action in CATALOGUE if action.alert}
WEBHOOK_TYPES = {action.name: action.webhook for action in CATALOGUE if action.webhook}


def in_sql(names: Iterable[str]) -> str:
    """Names as the list that follows IN."""
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"
