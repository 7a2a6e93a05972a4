from datetime import datetime

from pydantic import Field

from .base_model import BaseModel
from .enums import PoolChangeKind


class PoolChanges(BaseModel):
    pool_changes: "PoolChangesPoolChanges" = Field(alias="poolChanges")


class PoolChangesPoolChanges(BaseModel):
    cursor: str
    kind: PoolChangeKind
    at: datetime
    customer: "PoolChangesPoolChangesCustomer"


class PoolChangesPoolChangesCustomer(BaseModel):
    id: str
    name: str


PoolChanges.model_rebuild()
PoolChangesPoolChanges.model_rebuild()
