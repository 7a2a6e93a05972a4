"""An organization whose names and texts are all as long as they may be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from uuid import UUID

from models.channels import channels
from models.channels.fields import ChannelFields
from models.channels.kinds import ChannelKind
from models.customers import csv_import
from models.customers.fields import LONGEST
from models.holding import comments, extensions, follow_ups
from models.organizations import members
from models.organizations.departments import save_department
from models.organizations.members import MemberFields
from models.ownership import claims
from models.pools import access, pools
from models.rules.durations import Span
from models.rules.rules import Rules
from models.tables import Customer, Member, Pool
from models.validation import NAME_LENGTH
from models.viewers import Viewer
from models.webhooks import webhooks
from tests.support.samples import Office, done, found

NOTE, REASON = 5000, 500
DEEP = 10
EACH = 3
RULES = {"follow_up_within": "P5D", "deal_approval": True, "extension_limit": "P3D"}
HEADER = "name,level,person,phone,email"


def chinese(length: int, number: int = 0) -> str:
    """No space, and no mark at which a line would like to break."""
    return f"{number}{'极长名称的有限责任公司' * length}"[:length]


def latin(length: int, number: int = 0) -> str:
    """One word, of the broadest letter."""
    return f"{number}{'W' * length}"[:length]


Write = Callable[[int, int], str]
WRITERS: tuple[Write, ...] = (chinese, latin)


@dataclass
class Extremes:
    """`viewer` administers everything and holds customers; `colleague` has asked for things."""

    office: Office
    viewer: Viewer
    customer: UUID
    colleague: UUID


async def extremes(email: str) -> Extremes:
    office = await found(latin(NAME_LENGTH), email=email)
    numbers = count(1)
    department = await _departments(office, numbers)
    people = [await _person(office, write, next(numbers), department) for write in WRITERS]
    held: list[UUID] = []
    for write in WRITERS:
        pool = await _pool(office, write(NAME_LENGTH, next(numbers)), department)
        held += await _customers(office, pool, numbers)
    mine = await office.admin()
    await claims.claim(mine, held[::EACH])
    for colleague, id in zip(people, (held[1], held[1 + EACH]), strict=True):
        done(await claims.assign(mine, id, colleague.id))
        await _worked(mine, await office.viewer(colleague.id), id)
    await _sent(mine)
    return Extremes(office, mine, held[1], people[0].id)


async def _departments(office: Office, numbers: Iterator[int]) -> UUID:
    """One below another, as deep as they may be. Return the lowest."""
    above: UUID | None = None
    for n in range(DEEP):
        name = WRITERS[n % 2](NAME_LENGTH, next(numbers))
        above = (await save_department(await office.admin(), None, name, parent_id=above)).id
    assert above is not None
    return above


async def _person(office: Office, write: Write, number: int, department: UUID) -> Member:
    fields = MemberFields(
        name=write(NAME_LENGTH, number),
        email=f"{number}{'w' * 60}@{office.domain}",
        role="SALES",
        department_id=department,
    )
    return await members.save(await office.admin(), None, fields)


async def _pool(office: Office, name: str, department: UUID) -> Pool:
    pool = await pools.create(await office.admin(), name, Rules.from_json(RULES))
    return await access.set_access(await office.admin(), pool.id, [], [department], [])


async def _customers(office: Office, pool: Pool, numbers: Iterator[int]) -> list[UUID]:
    """Some of each writer, with every field that people see."""
    lines = [HEADER]
    for write in WRITERS:
        for number in (next(numbers) for _ in range(EACH)):
            email = f"{number}{'w' * 60}@{'w' * 60}.{'w' * 60}.example"
            person = write(LONGEST["person"], number)
            cells = (write(LONGEST["name"], number), write(LONGEST["level"], 0), person)
            lines.append(",".join((*cells, f"138{number:08}", email)))
    await csv_import.import_customers(await office.admin(), pool.id, "\n".join(lines))
    rows = await Customer.filter(pool_id=pool.id).order_by("name")
    return [row.id for row in rows]


async def _worked(boss: Viewer, owner: Viewer, id: UUID) -> None:
    """What stands in a history, and what waits for a decision."""
    await follow_ups.log_follow_up(owner, id, "VISIT", latin(NOTE))
    await comments.comment(boss, id, chinese(NOTE))
    await extensions.ask(owner, id, Span.parse("P2D"), latin(REASON))
    await follow_ups.record_deal(owner, id, Decimal("9999999999.99"))


async def _sent(admin: Viewer) -> None:
    """A webhook and a channel, whose addresses nobody answers."""
    url = f"https://{'w' * 60}.invalid/{'w' * 400}"
    await webhooks.save(admin, None, url, None, private=False)
    fields = ChannelFields(ChannelKind.WECOM, "zh", url=url, for_organization=True)
    await channels.save(admin, None, fields, private=False, mails=False)
    own = ChannelFields(ChannelKind.DINGTALK, "zh", url=url, secret="SEC")
    await channels.save(admin, None, own, private=False, mails=False)
