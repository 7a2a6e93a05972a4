from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import (  # noqa: F401
    Standing,
    StandingContact,
    StandingHolding,
    StandingOwner,
    StandingPool,
)


class Customer(BaseModel):
    customer: Optional["CustomerCustomer"]


class CustomerCustomer(Standing):
    claimable: Union[
        "CustomerCustomerClaimableClaimable",
        "CustomerCustomerClaimableAlreadyHeld",
        "CustomerCustomerClaimableCapacityReached",
        "CustomerCustomerClaimableDailyLimitReached",
        "CustomerCustomerClaimableCoolingDown",
        "CustomerCustomerClaimableNotYetOpen",
        "CustomerCustomerClaimableForbidden",
    ] = Field(discriminator="typename__")


class CustomerCustomerClaimableClaimable(BaseModel):
    typename__: Literal["Claimable"] = Field(alias="__typename")
    release_at: Optional[datetime] = Field(alias="releaseAt")


class CustomerCustomerClaimableAlreadyHeld(BaseModel):
    typename__: Literal["AlreadyHeld"] = Field(alias="__typename")
    message: str


class CustomerCustomerClaimableCapacityReached(BaseModel):
    typename__: Literal["CapacityReached"] = Field(alias="__typename")
    message: str
    held: int
    capacity: int


class CustomerCustomerClaimableDailyLimitReached(BaseModel):
    typename__: Literal["DailyLimitReached"] = Field(alias="__typename")
    message: str
    limit: int
    resets_at: datetime = Field(alias="resetsAt")


class CustomerCustomerClaimableCoolingDown(BaseModel):
    typename__: Literal["CoolingDown"] = Field(alias="__typename")
    message: str
    until: datetime


class CustomerCustomerClaimableNotYetOpen(BaseModel):
    typename__: Literal["NotYetOpen"] = Field(alias="__typename")
    message: str
    opens_at: datetime = Field(alias="opensAt")


class CustomerCustomerClaimableForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


Customer.model_rebuild()
CustomerCustomer.model_rebuild()
