"""Whose budgets an operation uses."""

from typing import NamedTuple
from uuid import UUID


class Spenders(NamedTuple):
    member: str
    organization: str

    @classmethod
    def of(cls, organization_id: UUID, member_id: UUID) -> "Spenders":
        return cls(f"{organization_id}:{member_id}", str(organization_id))
