"""An office in which every list has rows, and viewers of different rights."""

from dataclasses import dataclass
from decimal import Decimal

from models.holding import follow_ups
from models.ownership import claims
from models.texts.text import Language
from models.viewers import Viewer
from schema.base.context import Context
from schema.base.deadline import Deadline
from schema.base.listener import Listener
from settings import Settings
from tests.schema.test_isolation import world

NOTE = "电话 13800138000，邮箱 a@demo.test"


@dataclass
class Filled:
    ids: dict[str, str]
    viewers: dict[str, Viewer]
    settings: Settings

    def context(self, role: str) -> Context:
        """A new one, without anything loaded."""
        return Context.of(self.viewers[role], Listener(self.settings), Language.CHINESE, Deadline())


async def filled(settings: Settings) -> Filled:
    made = await world("示范企业")
    office, seller = made.office, made.team["SALES"]
    rules = {"max_hold": "P20D", "capacity": 9, "reminders": ["P3D"], "masked": ["PHONE"]}
    pool = await office.pool("华北", **rules)
    seller = await office.viewer(seller.id)
    free = await office.customers(pool, 5)
    await claims.claim(seller, free[:3])
    for customer in free[:2]:
        await follow_ups.log_follow_up(seller, customer, "CALL", NOTE)
    await follow_ups.record_deal(seller, free[1], Decimal("1280.50"))
    return Filled(made.ids, made.team | {"SALES": seller}, settings)
