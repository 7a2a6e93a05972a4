from datetime import datetime
from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class AssignCustomer(BaseModel):
    assign_customer: Union[
        "AssignCustomerAssignCustomerClaimed",
        "AssignCustomerAssignCustomerAlreadyHeld",
        "AssignCustomerAssignCustomerCapacityReached",
        "AssignCustomerAssignCustomerDailyLimitReached",
        "AssignCustomerAssignCustomerCoolingDown",
        "AssignCustomerAssignCustomerNotYetOpen",
        "AssignCustomerAssignCustomerForbidden",
        "AssignCustomerAssignCustomerNotFound",
    ] = Field(alias="assignCustomer", discriminator="typename__")


class AssignCustomerAssignCustomerClaimed(BaseModel):
    typename__: Literal["Claimed"] = Field(alias="__typename")
    customer: "AssignCustomerAssignCustomerClaimedCustomer"


AssignCustomerAssignCustomerClaimedCustomer = Standing


class AssignCustomerAssignCustomerAlreadyHeld(BaseModel):
    typename__: Literal["AlreadyHeld"] = Field(alias="__typename")
    message: str


class AssignCustomerAssignCustomerCapacityReached(BaseModel):
    typename__: Literal["CapacityReached"] = Field(alias="__typename")
    message: str
    held: int
    capacity: int


class AssignCustomerAssignCustomerDailyLimitReached(BaseModel):
    typename__: Literal["DailyLimitReached"] = Field(alias="__typename")
    message: str
    limit: int
    resets_at: datetime = Field(alias="resetsAt")


class AssignCustomerAssignCustomerCoolingDown(BaseModel):
    typename__: Literal["CoolingDown"] = Field(alias="__typename")
    message: str
    until: datetime


class AssignCustomerAssignCustomerNotYetOpen(BaseModel):
    typename__: Literal["NotYetOpen"] = Field(alias="__typename")
    message: str
    opens_at: datetime = Field(alias="opensAt")


class AssignCustomerAssignCustomerForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class AssignCustomerAssignCustomerNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


AssignCustomer.model_rebuild()
AssignCustomerAssignCustomerClaimed.model_rebuild()
