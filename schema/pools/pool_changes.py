"""Mutations that create pools and change their rules and access."""

from typing import Annotated

import strawberry

from models import tables
from models.pools import access, pools
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import BULK_SECONDS
from schema.base.mutation import mutation
from schema.base.refusals import Forbidden, InvalidInput, NotFound, RulesChanged
from schema.pools.pool import Pool
from schema.pools.rules_input import RulesInput, rules_of


@strawberry.type
class PoolSaved:
    pool: tables.Pool = strawberry.field(graphql_type=Pool)


PoolResult = Annotated[
    PoolSaved | RulesChanged | Forbidden | NotFound | InvalidInput, strawberry.union("PoolResult")
]


@strawberry.type
class PoolChanges:
    @mutation(
        PoolResult,
        description="Make a pool that the viewer administers and that is open to nobody else yet."
        " Managers and admins only.",
        regards_access=True,
    )
    @staticmethod
    async def create_pool(info: Info, name: str, rules: RulesInput) -> PoolSaved:
        pools.check_creator(info.context.viewer)  # The rules may be long.
        created = await pools.create(info.context.viewer, name, rules.to_domain())
        return PoolSaved(pool=created)

    @mutation(
        PoolResult,
        description="Replace all rules of a pool; they hold at once, for held customers too."
        " With `expectedVersion`, only while that version is in force. Pool administrators only.",
        seconds=BULK_SECONDS,
    )
    @staticmethod
    async def update_pool_rules(
        info: Info,
        pool_id: strawberry.ID,
        rules: RulesInput,
        expected_version: int | None = None,
    ) -> PoolSaved:
        viewer, pool = info.context.viewer, ids.decode(pool_id, "Pool")
        new = await rules_of(viewer, pool, rules)
        changed = await pools.change_rules(viewer, pool, new, expected_version)
        return PoolSaved(pool=changed)

    @mutation(
        PoolResult,
        regards_access=True,
        description="Replace who may see and claim from the pool, and who administers it."
        " Pool administrators only.",
    )
    @staticmethod
    async def set_pool_access(
        info: Info,
        pool_id: strawberry.ID,
        member_ids: list[strawberry.ID],
        department_ids: list[strawberry.ID],
        administrator_ids: list[strawberry.ID],
    ) -> PoolSaved:
        changed = await access.set_access(
            info.context.viewer,
            ids.decode(pool_id, "Pool"),
            [ids.decode(id, "Member") for id in member_ids],
            [ids.decode(id, "Department") for id in department_ids],
            [ids.decode(id, "Member") for id in administrator_ids],
        )
        return PoolSaved(pool=changed)
