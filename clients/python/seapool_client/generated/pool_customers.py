from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import (  # noqa: F401
    Standing,
    StandingContact,
    StandingHolding,
    StandingOwner,
    StandingPool,
)


class PoolCustomers(BaseModel):
    pool: Optional["PoolCustomersPool"]


class PoolCustomersPool(BaseModel):
    id: str
    customers: "PoolCustomersPoolCustomers"


class PoolCustomersPoolCustomers(BaseModel):
    total_count: int = Field(alias="totalCount")
    feed_cursor: str = Field(alias="feedCursor")
    page_info: "PoolCustomersPoolCustomersPageInfo" = Field(alias="pageInfo")
    nodes: list["PoolCustomersPoolCustomersNodes"]


class PoolCustomersPoolCustomersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class PoolCustomersPoolCustomersNodes(Standing):
    opened_at: Optional[datetime] = Field(alias="openedAt")


PoolCustomers.model_rebuild()
PoolCustomersPool.model_rebuild()
PoolCustomersPoolCustomers.model_rebuild()
