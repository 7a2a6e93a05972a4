"""The quiet hours of an organization."""

import strawberry

from models.channels import quiet_hours
from schema.base.nodes import shows


@strawberry.type(description="Local times of the organization, e.g. 22:00.")
class QuietHours:
    is_type_of = shows(quiet_hours.QuietHours)
    quiet_from: str
    quiet_to: str
