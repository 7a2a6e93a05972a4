from datetime import datetime
from typing import Annotated, Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class ClaimCustomers(BaseModel):
    claim_customers: list[
        Annotated[
            Union[
                "ClaimCustomersClaimCustomersClaimed",
                "ClaimCustomersClaimCustomersAlreadyHeld",
                "ClaimCustomersClaimCustomersCapacityReached",
                "ClaimCustomersClaimCustomersDailyLimitReached",
                "ClaimCustomersClaimCustomersCoolingDown",
                "ClaimCustomersClaimCustomersNotYetOpen",
                "ClaimCustomersClaimCustomersForbidden",
                "ClaimCustomersClaimCustomersNotFound",
            ],
            Field(discriminator="typename__"),
        ]
    ] = Field(alias="claimCustomers")


class ClaimCustomersClaimCustomersClaimed(BaseModel):
    typename__: Literal["Claimed"] = Field(alias="__typename")
    customer: "ClaimCustomersClaimCustomersClaimedCustomer"


ClaimCustomersClaimCustomersClaimedCustomer = Standing


class ClaimCustomersClaimCustomersAlreadyHeld(BaseModel):
    typename__: Literal["AlreadyHeld"] = Field(alias="__typename")
    message: str


class ClaimCustomersClaimCustomersCapacityReached(BaseModel):
    typename__: Literal["CapacityReached"] = Field(alias="__typename")
    message: str
    held: int
    capacity: int


class ClaimCustomersClaimCustomersDailyLimitReached(BaseModel):
    typename__: Literal["DailyLimitReached"] = Field(alias="__typename")
    message: str
    limit: int
    resets_at: datetime = Field(alias="resetsAt")


class ClaimCustomersClaimCustomersCoolingDown(BaseModel):
    typename__: Literal["CoolingDown"] = Field(alias="__typename")
    message: str
    until: datetime


class ClaimCustomersClaimCustomersNotYetOpen(BaseModel):
    typename__: Literal["NotYetOpen"] = Field(alias="__typename")
    message: str
    opens_at: datetime = Field(alias="opensAt")


class ClaimCustomersClaimCustomersForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class ClaimCustomersClaimCustomersNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


ClaimCustomers.model_rebuild()
ClaimCustomersClaimCustomersClaimed.model_rebuild()
