from pydantic import Field

from .base_model import BaseModel


class ReadAlerts(BaseModel):
    read_alerts: "ReadAlertsReadAlerts" = Field(alias="readAlerts")


class ReadAlertsReadAlerts(BaseModel):
    id: str


ReadAlerts.model_rebuild()
