"""Whose budgets an operation uses."""

from typing import NamedTuple
from uuid import UUID


class Spenders(NamedTuple):
    member: str
    organization: str

    @property
    def member_id(self) -> str:
        return self.member.rpartition(":")[2]

    @classmethod
    def of(cls, organization_id: UUID, member_id: UUID) -> "Spenders":
        return cls(f"{organization_id}:{member_id}", str(organization_id))
