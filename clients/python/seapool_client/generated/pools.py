from .base_model import BaseModel


class Pools(BaseModel):
    pools: list["PoolsPools"]


class PoolsPools(BaseModel):
    id: str
    name: str


Pools.model_rebuild()
