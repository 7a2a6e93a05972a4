"""A customer as its events describe it: pure, one event after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass
class Life:
    """The columns of `customer` that follow from its events."""

    pool_id: UUID | None = None
    owner_id: UUID | None = None
    epoch: int = 0
    claimed_at: datetime | None = None
    followed_up_at: datetime | None = None
    won_at: datetime | None = None
    deal_reported_at: datetime | None = None
    locked_at: datetime | None = None
    extended_to: datetime | None = None
    opened_at: datetime | None = None

    def apply(self, event: Mapping[str, Any]) -> None:
        at = event["at"]
        match event["action"]:
            case "CREATED" | "MOVED":
                self.pool_id, self.opened_at = event["pool_id"], at
            case "CLAIMED" | "ASSIGNED" | "TRANSFERRED":
                self._begin_holding(event)
            case "FOLLOWED_UP":
                self.followed_up_at = at
            case "WON":
                signed_at = event["won_at"] or at
                self.won_at = at if event["renews"] else self.won_at or signed_at
                self.deal_reported_at = None
            case "DEAL_REPORTED":
                self.deal_reported_at = at
            case "DEAL_DECLINED":
                self.deal_reported_at = None
            case "LOCKED":
                self.locked_at = at
            case "UNLOCKED":
                self.locked_at = None
            case "EXTENDED":
                self.extended_to = event["extended_to"]
            case "MERGED" if event["into"]:
                self.pool_id = None
            case "ERASED":
                self.pool_id = None
            case "RELEASED":
                self._end_holding(event)

    def _begin_holding(self, event: Mapping[str, Any]) -> None:
        """A transfer keeps the deal: its event carries won_at."""
        self.owner_id, self.epoch = event["member_id"], event["epoch"]
        self.claimed_at, self.opened_at = event["at"], None
        self.followed_up_at = self.locked_at = self.extended_to = self.deal_reported_at = None
        self.won_at = event["won_at"] or self.won_at

    def _end_holding(self, event: Mapping[str, Any]) -> None:
        self.pool_id, self.opened_at = event["pool_id"], event["at"]
        self.owner_id = self.claimed_at = self.followed_up_at = self.won_at = None
        self.locked_at = self.extended_to = self.deal_reported_at = None
        self.epoch = event["epoch"] + 1
