"""The demo's two organizations: their people, their pools, and to whom these are open."""

import uuid
from dataclasses import dataclass
from uuid import UUID

from models.rules.rules import Rules

TIME_ZONE = "Asia/Shanghai"
DEMO, OTHER = "示范企业", "另一家企业"
EASTERN, SOUTHERN = "华东销售部", "华南销售部"
EAST_POOL, SOUTH_POOL, OTHER_POOL = "华东公海", "华南公海", "公海"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "demo.test")


def id_of(*names: str) -> UUID:
    """The same in every demo, so that documentation can name a customer."""
    return uuid.uuid5(NAMESPACE, "/".join(names))


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    role: str
    department: str | None = None

    @property
    def id(self) -> UUID:
        return id_of("member", self.email)


@dataclass(frozen=True)
class DemoPool:
    """Open to `departments` and `members`, run by `administrators`; all by name or email."""

    organization: str
    name: str
    rules: Rules
    departments: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()

    @property
    def id(self) -> UUID:
        return id_of("pool", self.organization, self.name)


@dataclass(frozen=True)
class DemoOrganization:
    name: str
    people: tuple[Person, ...]
    pools: tuple[DemoPool, ...]
    departments: tuple[str, ...] = ()

    @property
    def id(self) -> UUID:
        return id_of("organization", self.name)

    @property
    def admin(self) -> UUID:
        return self.people[0].id

    def department(self, name: str | None) -> UUID | None:
        return id_of("department", self.name, name) if name else None


STAFF = (
    Person("admin@demo.test", "陈建国", "ADMIN"),
    Person("manager@demo.test", "李慧敏", "MANAGER"),
    Person("sales1@demo.test", "王磊", "SALES", EASTERN),
    Person("sales2@demo.test", "刘洋", "SALES", EASTERN),
    Person("sales3@demo.test", "赵敏仪", "SALES", EASTERN),
    Person("sales4@demo.test", "周婷", "SALES", SOUTHERN),
    Person("sales5@demo.test", "吴昊天", "SALES", SOUTHERN),
    Person("sales6@demo.test", "郑欣怡", "SALES", SOUTHERN),
)
STAFF_OF_OTHER = (Person("admin@other.test", "孙立", "ADMIN"),)

# Hecom's published defaults: protection 10 days, 3 more for each follow-up, 20 at most.
EAST_RULES = Rules.from_json(
    {
        "capacity": 30,
        "daily_claim_limit": 10,
        "reclaim_cooldown": "P3D",
        "first_follow_up_within": "P10D",
        "follow_up_within": "P3D",
        "max_hold": "P20D",
        "reminders": ["P3D", "P1D"],
    }
)
# New members have room for ten.
SOUTH_RULES = Rules.from_json(
    {
        "capacity": 50,
        "capacities": [{"member": str(STAFF[7].id), "department": None, "capacity": 10}],
        "won_count": False,
        "daily_claim_limit": 20,
        "reclaim_cooldown": "P7D",
        "follow_up_within": "P15D",
        "deal_within": "P30D",
    }
)
OTHER_RULES = Rules.from_json({"capacity": 10, "follow_up_within": "P7D"})

MANAGER = STAFF[1]
EAST = DemoPool(
    DEMO,
    EAST_POOL,
    EAST_RULES,
    departments=(EASTERN,),
    members=("sales4@demo.test",),
    administrators=(MANAGER.email,),
)
SOUTH = DemoPool(
    DEMO,
    SOUTH_POOL,
    SOUTH_RULES,
    departments=(SOUTHERN,),
    members=("sales3@demo.test",),
    administrators=(MANAGER.email,),
)
ELSEWHERE = DemoPool(OTHER, OTHER_POOL, OTHER_RULES, administrators=(STAFF_OF_OTHER[0].email,))

ORGANIZATIONS = (
    DemoOrganization(DEMO, STAFF, (EAST, SOUTH), (EASTERN, SOUTHERN)),
    DemoOrganization(OTHER, STAFF_OF_OTHER, (ELSEWHERE,)),
)
