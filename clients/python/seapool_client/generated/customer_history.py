from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import Action


class CustomerHistory(BaseModel):
    customer: Optional["CustomerHistoryCustomer"]


class CustomerHistoryCustomer(BaseModel):
    id: str
    history: "CustomerHistoryCustomerHistory"


class CustomerHistoryCustomerHistory(BaseModel):
    page_info: "CustomerHistoryCustomerHistoryPageInfo" = Field(alias="pageInfo")
    nodes: list["CustomerHistoryCustomerHistoryNodes"]


class CustomerHistoryCustomerHistoryPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class CustomerHistoryCustomerHistoryNodes(BaseModel):
    id: str
    action: Action
    at: datetime
    reason: Optional[str]
    actor: Optional["CustomerHistoryCustomerHistoryNodesActor"]
    member: Optional["CustomerHistoryCustomerHistoryNodesMember"]


class CustomerHistoryCustomerHistoryNodesActor(BaseModel):
    id: str
    name: str


class CustomerHistoryCustomerHistoryNodesMember(BaseModel):
    id: str
    name: str


CustomerHistory.model_rebuild()
CustomerHistoryCustomer.model_rebuild()
CustomerHistoryCustomerHistory.model_rebuild()
CustomerHistoryCustomerHistoryNodes.model_rebuild()
