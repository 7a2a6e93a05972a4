"""What admins decide of duplicates for their organization."""

from typing import Annotated

import strawberry

from models import tables
from models.organizations.duplicate_settings import set_duplicate_keys, set_lookup_limit
from schema.base.context import Info
from schema.base.enums import DuplicateKey
from schema.base.mutation import mutation
from schema.base.refusals import Forbidden, InvalidInput
from schema.organizations.organization import Organization


@strawberry.type
class OrganizationSaved:
    organization: tables.Organization = strawberry.field(graphql_type=Organization)


OrganizationResult = Annotated[
    OrganizationSaved | Forbidden | InvalidInput, strawberry.union("OrganizationResult")
]


@strawberry.type
class DuplicateSettings:
    @mutation(
        OrganizationResult,
        description="Which keys refuse a registration; the others only warn. Admins only.",
    )
    @staticmethod
    async def set_duplicate_keys(info: Info, blocking: list[DuplicateKey]) -> OrganizationSaved:
        await set_duplicate_keys(info.context.viewer, [key.value for key in blocking])
        return await saved(info)

    @mutation(
        OrganizationResult,
        description="How many duplicates a member may look up in an hour, 1 to 1000: by"
        " `duplicates`, and by refused registrations. Admins only.",
    )
    @staticmethod
    async def set_lookup_limit(info: Info, per_hour: int) -> OrganizationSaved:
        await set_lookup_limit(info.context.viewer, per_hour)
        return await saved(info)


async def saved(info: Info) -> OrganizationSaved:
    await info.context.look_again()
    return OrganizationSaved(organization=info.context.viewer.organization)
