"""What an organization does until a webhook has received each type of event."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from models.customers import csv_import, former_keys, update
from models.customers.moves import move_customers
from models.erasure.erasing import ErasureReason, erase
from models.holding import comments, extension_decisions, extensions, follow_ups, locks, reminders
from models.ownership import claims, drain, merging, transfers
from models.pools.escalation import escalate_due
from models.rules.durations import Span
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.samples import Office, done, time_passes

NAME, BRANCH, PERSON = "深圳云帆科技有限公司", "云帆科技龙岗分公司", "个体户张三"
RULES: dict[str, Any] = {
    "follow_up_within": "P30D",
    "reminders": ["P3D"],
    "escalate_before": "P3D",
    "lock_limit": 1,
    "extension_limit": "P7D",
}


async def happen(office: Office) -> None:
    """The organization's clocks must show the morning: risks are told then."""
    pool, other = await office.pool("公海", **RULES), await office.pool("大客户")
    li, han, admin = (
        await office.person("李雷"),
        await office.person("韩梅梅"),
        await office.admin(),
    )
    id = await _registered(admin, pool, NAME)
    await _administered(admin, id, pool, other)
    done((await claims.claim(li, [id]))[0])
    await _held(li, admin, id)
    done(await transfers.transfer(admin, id, han.id))
    await time_passes("28 days 1 second")
    assert await reminders.remind_due() == 1
    assert await escalate_due() == 1
    await time_passes("3 days")
    assert await drain.release_due() == 1
    done(await claims.assign(admin, id, li.id))
    done(await follow_ups.record_deal(li, id, Decimal(12800)))
    branch = await _registered(admin, pool, BRANCH)
    done(await merging.merge(admin, id, branch, "是同一家"))
    done(await erase(admin, await _registered(admin, pool, PERSON), ErasureReason.REQUESTED))


async def _registered(admin: Viewer, pool: Pool, name: str) -> UUID:
    await csv_import.import_customers(admin, pool.id, f"name\n{name}")
    return (await Customer.get(name=name)).id


async def _administered(admin: Viewer, id: UUID, pool: Pool, other: Pool) -> None:
    for phone in ("13800000001", "13800000002"):
        await update.update_customer(admin, id, {"phone": phone})
    await former_keys.release_key(admin, id, "PHONE", "13800000001")
    for each in (other, pool):
        await move_customers(admin, [id], each.id)


async def _held(li: Viewer, admin: Viewer, id: UUID) -> None:
    done(await follow_ups.log_follow_up(li, id, "VISIT", "拜访了采购部"))
    done(await locks.lock(li, id))
    done(await locks.unlock(li, id))
    asked = await extensions.ask(li, id, Span.parse("P1D"), "合同在走流程")
    await extension_decisions.decide(admin, asked.id, True, "同意")
    done(await comments.comment(admin, id, "报价了吗？"))
