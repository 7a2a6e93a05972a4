from typing import Literal, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class RecordDeal(BaseModel):
    record_deal: Union[
        "RecordDealRecordDealHeld",
        "RecordDealRecordDealNotHolder",
        "RecordDealRecordDealLockLimitReached",
        "RecordDealRecordDealForbidden",
        "RecordDealRecordDealNotFound",
        "RecordDealRecordDealInvalidInput",
    ] = Field(alias="recordDeal", discriminator="typename__")


class RecordDealRecordDealHeld(BaseModel):
    typename__: Literal["Held"] = Field(alias="__typename")
    customer: "RecordDealRecordDealHeldCustomer"


RecordDealRecordDealHeldCustomer = Standing


class RecordDealRecordDealNotHolder(BaseModel):
    typename__: Literal["NotHolder"] = Field(alias="__typename")
    message: str


class RecordDealRecordDealLockLimitReached(BaseModel):
    typename__: Literal["LockLimitReached"] = Field(alias="__typename")
    message: str
    limit: int


class RecordDealRecordDealForbidden(BaseModel):
    typename__: Literal["Forbidden"] = Field(alias="__typename")
    message: str


class RecordDealRecordDealNotFound(BaseModel):
    typename__: Literal["NotFound"] = Field(alias="__typename")
    message: str


class RecordDealRecordDealInvalidInput(BaseModel):
    typename__: Literal["InvalidInput"] = Field(alias="__typename")
    message: str
    problems: list["RecordDealRecordDealInvalidInputProblems"]


class RecordDealRecordDealInvalidInputProblems(BaseModel):
    path: str
    message: str


RecordDeal.model_rebuild()
RecordDealRecordDealHeld.model_rebuild()
RecordDealRecordDealInvalidInput.model_rebuild()
