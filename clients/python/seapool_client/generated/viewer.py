from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import Role


class Viewer(BaseModel):
    viewer: "ViewerViewer"


class ViewerViewer(BaseModel):
    id: str
    name: str
    email: str
    role: Role
    private_pool: "ViewerViewerPrivatePool" = Field(alias="privatePool")


class ViewerViewerPrivatePool(BaseModel):
    held: int
    capacity: Optional[int]
    available: Optional[int]
    claimed_today: int = Field(alias="claimedToday")


Viewer.model_rebuild()
ViewerViewer.model_rebuild()
