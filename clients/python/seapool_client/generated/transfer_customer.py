from datetime import datetime
from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class TransferCustomer(BaseModel):
    transfer_customer: Union[
        "TransferCustomerTransferCustomerClaimed",
        "TransferCustomerTransferCustomerAlreadyHeld",
        "TransferCustomerTransferCustomerCapacityReached",
        "TransferCustomerTransferCustomerDailyLimitReached",
        "TransferCustomerTransferCustomerCoolingDown",
        "TransferCustomerTransferCustomerNotYetOpen",
        "TransferCustomerTransferCustomerForbidden",
        "TransferCustomerTransferCustomerNotFound",
    ] = Field(alias="transferCustomer", discriminator="typename__")


class TransferCustomerTransferCustomerClaimed(BaseModel):
    typename__: Literal["Claimed"] = Field(alias="__typename")
    customer: "TransferCustomerTransferCustomerClaimedCustomer"


TransferCustomerTransferCustomerClaimedCustomer = Standing


class TransferCustomerTransferCustomerAlreadyHeld(BaseModel):
    typename__: Literal["AlreadyHeld"] = Field(alias="__typename")
    message: str


class TransferCustomerTransferCustomerCapacityReached(BaseModel):
    typename__: Literal["CapacityReached"] = Field(alias="__typename")
    message: str
    held: int
    capacity: int


class TransferCustomerTransferCustomerDailyLimitReached(BaseModel):
    typename__: Literal["DailyLimitReached"] = Field(alias="__typename")
    message: str
    limit: int
    resets_at: datetime = Field(alias="resetsAt")


class TransferCustomerTransferCustomerCoolingDown(BaseModel):
    typename__: Literal["CoolingDown"] = Field(alias="__typename")
    message: str
    until: datetime


class TransferCustomerTransferCustomerNotYetOpen(BaseModel):
    typename__: Literal["NotYetOpen"] = Field(alias="__typename")
    message: str
    opens_at: datetime = Field(alias="opensAt")


class TransferCustomerTransferCustomerForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class TransferCustomerTransferCustomerNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


TransferCustomer.model_rebuild()
TransferCustomerTransferCustomerClaimed.model_rebuild()
