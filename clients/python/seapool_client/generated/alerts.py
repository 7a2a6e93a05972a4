from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import Notice


class Alerts(BaseModel):
    viewer: "AlertsViewer"


class AlertsViewer(BaseModel):
    id: str
    alerts: "AlertsViewerAlerts"


class AlertsViewerAlerts(BaseModel):
    unread: int
    feed_cursor: str = Field(alias="feedCursor")
    page_info: "AlertsViewerAlertsPageInfo" = Field(alias="pageInfo")
    nodes: list["AlertsViewerAlertsNodes"]


class AlertsViewerAlertsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


AlertsViewerAlertsNodes = Notice
Alerts.model_rebuild()
AlertsViewer.model_rebuild()
AlertsViewerAlerts.model_rebuild()
