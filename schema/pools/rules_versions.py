"""The versions of a pool's rules, for its administrators."""

from collections.abc import Awaitable
from datetime import datetime

import strawberry

from models import tables
from models.lists import rules_versions
from schema.base.context import Info
from schema.base.fields import field
from schema.base.nodes import Paged, shows
from schema.base.references import MEMBER
from schema.pools.rules import Rules


@strawberry.type
class RulesVersion:
    is_type_of = shows(rules_versions.RulesVersion)

    version: int
    rules: Rules
    at: datetime = strawberry.field(description="When it was saved, and in force.")

    @field(MEMBER | None)
    @staticmethod
    def saved_by(
        root: strawberry.Parent[rules_versions.RulesVersion], info: Info
    ) -> Awaitable[tables.Member | None] | None:
        return info.context.loaders.members.load(root.saved_by) if root.saved_by else None

    @field(MEMBER | None, description="Who last undid releases by this version.")
    @staticmethod
    def undone_by(
        root: strawberry.Parent[rules_versions.RulesVersion], info: Info
    ) -> Awaitable[tables.Member | None] | None:
        return info.context.loaders.members.load(root.undone_by) if root.undone_by else None


@strawberry.type
class RulesVersionConnection(Paged[RulesVersion]):
    pass
