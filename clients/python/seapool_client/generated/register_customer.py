from datetime import datetime
from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Alike, Standing


class RegisterCustomer(BaseModel):
    register_customer: Union[
        "RegisterCustomerRegisterCustomerClaimed",
        "RegisterCustomerRegisterCustomerDuplicateFound",
        "RegisterCustomerRegisterCustomerCoolingDown",
        "RegisterCustomerRegisterCustomerTooManyLookups",
        "RegisterCustomerRegisterCustomerCapacityReached",
        "RegisterCustomerRegisterCustomerForbidden",
        "RegisterCustomerRegisterCustomerNotFound",
        "RegisterCustomerRegisterCustomerInvalidInput",
    ] = Field(alias="registerCustomer", discriminator="typename__")


class RegisterCustomerRegisterCustomerClaimed(BaseModel):
    typename__: Literal["Claimed"] = Field(alias="__typename")
    customer: "RegisterCustomerRegisterCustomerClaimedCustomer"


RegisterCustomerRegisterCustomerClaimedCustomer = Standing


class RegisterCustomerRegisterCustomerDuplicateFound(BaseModel):
    typename__: Literal["DuplicateFound"] = Field(alias="__typename")
    message: str
    duplicates: list["RegisterCustomerRegisterCustomerDuplicateFoundDuplicates"]


RegisterCustomerRegisterCustomerDuplicateFoundDuplicates = Alike


class RegisterCustomerRegisterCustomerCoolingDown(BaseModel):
    typename__: Literal["CoolingDown"] = Field(alias="__typename")
    message: str
    until: datetime


class RegisterCustomerRegisterCustomerTooManyLookups(BaseModel):
    typename__: Literal["TooManyLookups"] = Field(alias="__typename")
    message: str
    resets_at: datetime = Field(alias="resetsAt")


class RegisterCustomerRegisterCustomerCapacityReached(BaseModel):
    typename__: Literal["CapacityReached"] = Field(alias="__typename")
    message: str
    held: int
    capacity: int


class RegisterCustomerRegisterCustomerForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class RegisterCustomerRegisterCustomerNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


class RegisterCustomerRegisterCustomerInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    problems: list["RegisterCustomerRegisterCustomerInvalidInputProblems"]


class RegisterCustomerRegisterCustomerInvalidInputProblems(BaseModel):
    path: str
    message: str


RegisterCustomer.model_rebuild()
RegisterCustomerRegisterCustomerClaimed.model_rebuild()
RegisterCustomerRegisterCustomerDuplicateFound.model_rebuild()
RegisterCustomerRegisterCustomerInvalidInput.model_rebuild()
