from datetime import datetime
from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class ClaimCustomer(BaseModel):
    claim_customer: Union[
        "ClaimCustomerClaimCustomerClaimed",
        "ClaimCustomerClaimCustomerAlreadyHeld",
        "ClaimCustomerClaimCustomerCapacityReached",
        "ClaimCustomerClaimCustomerDailyLimitReached",
        "ClaimCustomerClaimCustomerCoolingDown",
        "ClaimCustomerClaimCustomerNotYetOpen",
        "ClaimCustomerClaimCustomerForbidden",
        "ClaimCustomerClaimCustomerNotFound",
    ] = Field(alias="claimCustomer", discriminator="typename__")


class ClaimCustomerClaimCustomerClaimed(BaseModel):
    typename__: Literal["Claimed"] = Field(alias="__typename")
    customer: "ClaimCustomerClaimCustomerClaimedCustomer"


ClaimCustomerClaimCustomerClaimedCustomer = Standing


class ClaimCustomerClaimCustomerAlreadyHeld(BaseModel):
    typename__: Literal["AlreadyHeld"] = Field(alias="__typename")
    message: str


class ClaimCustomerClaimCustomerCapacityReached(BaseModel):
    typename__: Literal["CapacityReached"] = Field(alias="__typename")
    message: str
    held: int
    capacity: int


class ClaimCustomerClaimCustomerDailyLimitReached(BaseModel):
    typename__: Literal["DailyLimitReached"] = Field(alias="__typename")
    message: str
    limit: int
    resets_at: datetime = Field(alias="resetsAt")


class ClaimCustomerClaimCustomerCoolingDown(BaseModel):
    typename__: Literal["CoolingDown"] = Field(alias="__typename")
    message: str
    until: datetime


class ClaimCustomerClaimCustomerNotYetOpen(BaseModel):
    typename__: Literal["NotYetOpen"] = Field(alias="__typename")
    message: str
    opens_at: datetime = Field(alias="opensAt")


class ClaimCustomerClaimCustomerForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class ClaimCustomerClaimCustomerNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


ClaimCustomer.model_rebuild()
ClaimCustomerClaimCustomerClaimed.model_rebuild()
