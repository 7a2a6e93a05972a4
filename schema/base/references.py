"""Types that refer to each other in a circle, by name instead of by import."""

from typing import Any

from strawberry.types.lazy_type import LazyType

CUSTOMER: Any = LazyType("Customer", "schema.customers.customer")
MEMBER: Any = LazyType("Member", "schema.organizations.members")
POOL: Any = LazyType("Pool", "schema.pools.pool")
