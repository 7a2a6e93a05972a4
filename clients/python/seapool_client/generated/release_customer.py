from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class ReleaseCustomer(BaseModel):
    release_customer: Union[
        "ReleaseCustomerReleaseCustomerReleased",
        "ReleaseCustomerReleaseCustomerNotHolder",
        "ReleaseCustomerReleaseCustomerForbidden",
        "ReleaseCustomerReleaseCustomerNotFound",
        "ReleaseCustomerReleaseCustomerInvalidInput",
    ] = Field(alias="releaseCustomer", discriminator="typename__")


class ReleaseCustomerReleaseCustomerReleased(BaseModel):
    typename__: Literal["Released"] = Field(alias="__typename")
    customer: "ReleaseCustomerReleaseCustomerReleasedCustomer"


ReleaseCustomerReleaseCustomerReleasedCustomer = Standing


class ReleaseCustomerReleaseCustomerNotHolder(BaseModel):
    typename__: Literal["NotHolder"] = Field(alias="__typename")
    message: str


class ReleaseCustomerReleaseCustomerForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class ReleaseCustomerReleaseCustomerNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


class ReleaseCustomerReleaseCustomerInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    problems: list["ReleaseCustomerReleaseCustomerInvalidInputProblems"]


class ReleaseCustomerReleaseCustomerInvalidInputProblems(BaseModel):
    path: str
    message: str


ReleaseCustomer.model_rebuild()
ReleaseCustomerReleaseCustomerReleased.model_rebuild()
ReleaseCustomerReleaseCustomerInvalidInput.model_rebuild()
