from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class UnlockCustomer(BaseModel):
    unlock_customer: Union[
        "UnlockCustomerUnlockCustomerHeld",
        "UnlockCustomerUnlockCustomerNotHolder",
        "UnlockCustomerUnlockCustomerLockLimitReached",
        "UnlockCustomerUnlockCustomerForbidden",
        "UnlockCustomerUnlockCustomerNotFound",
        "UnlockCustomerUnlockCustomerInvalidInput",
    ] = Field(alias="unlockCustomer", discriminator="typename__")


class UnlockCustomerUnlockCustomerHeld(BaseModel):
    typename__: Literal["Held"] = Field(alias="__typename")
    customer: "UnlockCustomerUnlockCustomerHeldCustomer"


UnlockCustomerUnlockCustomerHeldCustomer = Standing


class UnlockCustomerUnlockCustomerNotHolder(BaseModel):
    typename__: Literal["NotHolder"] = Field(alias="__typename")
    message: str


class UnlockCustomerUnlockCustomerLockLimitReached(BaseModel):
    typename__: Literal["LockLimitReached"] = Field(alias="__typename")
    message: str
    limit: int


class UnlockCustomerUnlockCustomerForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class UnlockCustomerUnlockCustomerNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


class UnlockCustomerUnlockCustomerInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    problems: list["UnlockCustomerUnlockCustomerInvalidInputProblems"]


class UnlockCustomerUnlockCustomerInvalidInputProblems(BaseModel):
    path: str
    message: str


UnlockCustomer.model_rebuild()
UnlockCustomerUnlockCustomerHeld.model_rebuild()
UnlockCustomerUnlockCustomerInvalidInput.model_rebuild()
