from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class LogFollowUp(BaseModel):
    log_follow_up: Union[
        "LogFollowUpLogFollowUpHeld",
        "LogFollowUpLogFollowUpNotHolder",
        "LogFollowUpLogFollowUpLockLimitReached",
        "LogFollowUpLogFollowUpForbidden",
        "LogFollowUpLogFollowUpNotFound",
        "LogFollowUpLogFollowUpInvalidInput",
    ] = Field(alias="logFollowUp", discriminator="typename__")


class LogFollowUpLogFollowUpHeld(BaseModel):
    typename__: Literal["Held"] = Field(alias="__typename")
    customer: "LogFollowUpLogFollowUpHeldCustomer"


LogFollowUpLogFollowUpHeldCustomer = Standing


class LogFollowUpLogFollowUpNotHolder(BaseModel):
    typename__: Literal["NotHolder"] = Field(alias="__typename")
    message: str


class LogFollowUpLogFollowUpLockLimitReached(BaseModel):
    typename__: Literal["LockLimitReached"] = Field(alias="__typename")
    message: str
    limit: int


class LogFollowUpLogFollowUpForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class LogFollowUpLogFollowUpNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


class LogFollowUpLogFollowUpInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    problems: list["LogFollowUpLogFollowUpInvalidInputProblems"]


class LogFollowUpLogFollowUpInvalidInputProblems(BaseModel):
    path: str
    message: str


LogFollowUp.model_rebuild()
LogFollowUpLogFollowUpHeld.model_rebuild()
LogFollowUpLogFollowUpInvalidInput.model_rebuild()
