from pydantic import Field

from .base_model import BaseModel
from .fragments import Notice


class ReleaseAlerts(BaseModel):
    release_alerts: "ReleaseAlertsReleaseAlerts" = Field(alias="releaseAlerts")


ReleaseAlertsReleaseAlerts = Notice
ReleaseAlerts.model_rebuild()
