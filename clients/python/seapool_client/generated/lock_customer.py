from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class LockCustomer(BaseModel):
    lock_customer: Union[
        "LockCustomerLockCustomerHeld",
        "LockCustomerLockCustomerNotHolder",
        "LockCustomerLockCustomerLockLimitReached",
        "LockCustomerLockCustomerForbidden",
        "LockCustomerLockCustomerNotFound",
        "LockCustomerLockCustomerInvalidInput",
    ] = Field(alias="lockCustomer", discriminator="typename__")


class LockCustomerLockCustomerHeld(BaseModel):
    typename__: Literal["Held"] = Field(alias="__typename")
    customer: "LockCustomerLockCustomerHeldCustomer"


LockCustomerLockCustomerHeldCustomer = Standing


class LockCustomerLockCustomerNotHolder(BaseModel):
    typename__: Literal["NotHolder"] = Field(alias="__typename")
    message: str


class LockCustomerLockCustomerLockLimitReached(BaseModel):
    typename__: Literal["LockLimitReached"] = Field(alias="__typename")
    message: str
    limit: int


class LockCustomerLockCustomerForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class LockCustomerLockCustomerNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


class LockCustomerLockCustomerInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    problems: list["LockCustomerLockCustomerInvalidInputProblems"]


class LockCustomerLockCustomerInvalidInputProblems(BaseModel):
    path: str
    message: str


LockCustomer.model_rebuild()
LockCustomerLockCustomerHeld.model_rebuild()
LockCustomerLockCustomerInvalidInput.model_rebuild()
