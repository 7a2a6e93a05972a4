from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import AlertKind, DuplicateKey, DuplicateStanding, ReleaseReason


class Alike(BaseModel):
    matched_on: list[DuplicateKey] = Field(alias="matchedOn")
    formerly: list[DuplicateKey]
    refuses: bool
    standing: DuplicateStanding
    customer: Optional["AlikeCustomer"]


class AlikeCustomer(BaseModel):
    id: str
    name: str


class Notice(BaseModel):
    cursor: str
    kind: AlertKind
    at: datetime
    read: bool
    message: str
    reason: Optional[ReleaseReason]
    release_at: Optional[datetime] = Field(alias="releaseAt")
    count: Optional[int]
    customer: "NoticeCustomer"


class NoticeCustomer(BaseModel):
    id: str
    name: str


class Release(BaseModel):
    at: datetime
    reason: ReleaseReason
    conditions: list["ReleaseConditions"]


class ReleaseConditions(BaseModel):
    reason: ReleaseReason
    at: datetime
    remedy: str


class Standing(BaseModel):
    typename__: str = Field(alias="__typename")
    id: str
    name: str
    level: Optional[str]
    pool: "StandingPool"
    owner: Optional["StandingOwner"]
    contact: "StandingContact"
    holding: Optional["StandingHolding"]


class StandingPool(BaseModel):
    id: str
    name: str


class StandingOwner(BaseModel):
    id: str
    name: str


class StandingContact(BaseModel):
    person: Optional[str]
    phone: Optional[str]
    email: Optional[str]
    masked: bool


class StandingHolding(BaseModel):
    since: datetime
    followed_up_at: Optional[datetime] = Field(alias="followedUpAt")
    won_at: Optional[datetime] = Field(alias="wonAt")
    deal_reported_at: Optional[datetime] = Field(alias="dealReportedAt")
    locked: bool
    remind_at: list[datetime] = Field(alias="remindAt")
    release: Optional["StandingHoldingRelease"]


class StandingHoldingRelease(Release):
    pass


Alike.model_rebuild()
Notice.model_rebuild()
Release.model_rebuild()
Standing.model_rebuild()
