"""Admins set the quiet hours of their organization."""

import strawberry

from models.channels.quiet_hours import set_quiet_hours
from schema.base.context import Info
from schema.base.mutation import mutation
from schema.organizations.duplicate_settings import OrganizationResult, OrganizationSaved


@strawberry.type
class QuietHoursSetting:
    @mutation(
        OrganizationResult,
        description="From `quietFrom` until `quietTo` channels without hours of their own send"
        " nothing; without both, there are no quiet hours. Admins only.",
    )
    @staticmethod
    async def set_quiet_hours(
        info: Info, quiet_from: str | None = None, quiet_to: str | None = None
    ) -> OrganizationSaved:
        await set_quiet_hours(info.context.viewer, quiet_from, quiet_to)
        return OrganizationSaved(organization=info.context.viewer.organization)
