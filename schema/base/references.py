"""GraphQL types by name: modules that refer to each other must not import each other."""

from typing import Any

from strawberry.types.lazy_type import LazyType

CUSTOMER: Any = LazyType("Customer", "schema.customers.customer")
DEPARTMENT: Any = LazyType("Department", "schema.organizations.organization")
MEMBER: Any = LazyType("Member", "schema.organizations.members")
POOL: Any = LazyType("Pool", "schema.pools.pool")
