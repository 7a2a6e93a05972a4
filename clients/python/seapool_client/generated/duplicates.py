from .base_model import BaseModel
from .fragments import Alike


class Duplicates(BaseModel):
    duplicates: list["DuplicatesDuplicates"]


DuplicatesDuplicates = Alike
Duplicates.model_rebuild()
