from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import Standing


class MyCustomers(BaseModel):
    viewer: "MyCustomersViewer"


class MyCustomersViewer(BaseModel):
    id: str
    private_pool: "MyCustomersViewerPrivatePool" = Field(alias="privatePool")


class MyCustomersViewerPrivatePool(BaseModel):
    held: int
    capacity: Optional[int]
    customers: "MyCustomersViewerPrivatePoolCustomers"


class MyCustomersViewerPrivatePoolCustomers(BaseModel):
    total_count: int = Field(alias="totalCount")
    page_info: "MyCustomersViewerPrivatePoolCustomersPageInfo" = Field(alias="pageInfo")
    nodes: list["MyCustomersViewerPrivatePoolCustomersNodes"]


class MyCustomersViewerPrivatePoolCustomersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


MyCustomersViewerPrivatePoolCustomersNodes = Standing
MyCustomers.model_rebuild()
MyCustomersViewer.model_rebuild()
MyCustomersViewerPrivatePool.model_rebuild()
MyCustomersViewerPrivatePoolCustomers.model_rebuild()
