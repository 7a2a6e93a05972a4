"""A customer's life with a text by every mutation that takes one, each text with WORD in it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from graphql import GraphQLInputObjectType, GraphQLInputType, get_named_type

from models.customers import csv_import, former_keys, registration, update
from models.holding import comments, deal_decisions, extension_decisions, extensions, follow_ups
from models.imports import sheet_import, stored
from models.imports.order import Order
from models.ownership import claims, hand_over, merging, releases
from models.rules.durations import Span
from models.tables import Customer, Pool
from models.texts.text import PLAIN
from models.viewers import Viewer
from schema.execution.schema import schema
from tests.support.keyed import keyed
from tests.support.samples import Office, done

# Nothing else in a test's database has these: two characters, digits, and letters.
WORD, PHONE, EMAIL, NUMBER = "魑魅", "13912345678", "qzx@xzq.test", "91350100M000100Y43"
FORMER_PHONE = "13987654321"
TRACES = (WORD, PHONE, FORMER_PHONE, "qzx@xzq", NUMBER.lower())


@dataclass
class Life:
    office: Office
    pool: Pool
    li: Viewer
    admin: Viewer
    id: UUID

    @classmethod
    async def begin(cls, office: Office) -> "Life":
        pool = await office.pool(deal_approval=True, deal_within="P30D", extension_limit="P90D")
        li, admin = await office.person(), await office.admin()
        life = cls(office, pool, li, admin, li.id)
        await imported(life)
        life.id = (await Customer.get(name=f"{WORD}科技")).id
        return life


async def imported(life: Life) -> None:
    rows = f"name,person,phone,email,registrationNumber\n{WORD}科技,{WORD},{FORMER_PHONE},,"
    await csv_import.import_customers(life.admin, life.pool.id, rows)


async def changed(life: Life) -> None:
    fields = {"name": f"{WORD}软件", "phone": PHONE, "email": EMAIL, "registrationNumber": NUMBER}
    await update.update_customer(life.admin, life.id, fields)


async def sheeted(life: Life) -> None:
    """The customer again, with a person; and a row that is wrong."""
    rows = f"name,person,phone\n{WORD}软件,{WORD}总,{PHONE}\n{WORD}二,,12\n"
    sheet = await stored.upload(life.admin, rows.encode())
    order = Order(life.pool.id, sheet.id, good_rows=True, updates=True)
    assert (await sheet_import.import_sheet(life.admin, order, PLAIN)).updated == 1


async def let_go(life: Life) -> None:
    await former_keys.release_key(life.admin, life.id, "PHONE", FORMER_PHONE)


async def released(life: Life) -> None:
    await claims.claim(life.li, [life.id])
    done(await keyed(life.li, "released", releases.give_back, life.id, f"{WORD}不接电话"))
    done(await claims.assign(life.admin, life.id, life.li.id))


async def worked(life: Life) -> None:
    note = f"见了{WORD}, {PHONE}"
    done(await keyed(life.li, "worked", follow_ups.log_follow_up, life.id, "CALL", note))


async def commented(life: Life) -> None:
    text = f"{WORD}报价了吗, {PHONE}"
    done(await keyed(life.admin, "commented", comments.comment, life.id, text))


async def handed(life: Life) -> None:
    """To somebody and back; an answer keeps its ids."""
    han = await life.office.person()
    for giver, taker in ((life.li, han), (han, life.li)):
        given = (giver.id, [taker.id], [life.id], f"{WORD}找{taker.member.name}")
        await keyed(life.admin, f"handed {giver.id}", handed_over, *given)


async def handed_over(viewer: Viewer, *given: Any) -> list[Any]:
    return [await hand_over.hand_over(viewer, *given)]


async def asked(life: Life) -> None:
    await extensions.ask(life.li, life.id, Span.parse("P1D"), f"{WORD}在开会")


async def decided(life: Life) -> None:
    for approve in (True, False):
        extension = await extensions.ask(life.li, life.id, Span.parse("P1D"), f"{WORD}又在开会")
        await extension_decisions.decide(life.admin, extension.id, approve, f"问过{WORD}")


async def confirmed(life: Life) -> None:
    for approve in (False, True):
        await follow_ups.record_deal(life.li, life.id, Decimal(10))
        await deal_decisions.confirm(life.admin, life.id, approve, f"{WORD}的合同")


async def merged(life: Life) -> None:
    """The other one is held too, so its owner loses it."""
    fields = {"name": f"{WORD}分公司", "person": WORD, "phone": "13900001111"}
    other = done(await keyed(life.li, "merged", registration.register, life.pool.id, fields))
    await follow_ups.log_follow_up(life.li, other.id, "VISIT", WORD)
    await merging.merge(life.admin, life.id, other.id, f"{WORD}是同一家")


# By mutation, in the order in which they are done.
STEPS: dict[str, Callable[[Life], Awaitable[None]]] = {
    "updateCustomer": changed,
    "importSheet": sheeted,
    "releaseDuplicateKey": let_go,
    "releaseCustomer": released,
    "handOver": handed,
    "logFollowUp": worked,
    "comment": commented,
    "decideExtension": decided,
    "requestExtension": asked,
    "confirmDeal": confirmed,
    "mergeCustomers": merged,
}
# Done before, and inside a step.
OTHERS = {"importCustomers", "registerCustomer"}
# Takes a file, which is no text of the schema.
FILES = {"importSheet"}
# Their texts are about the organization.
NO_PERSON = {
    "createPool",
    "updatePoolRules",
    "saveDepartment",
    "saveMember",
    "saveWebhook",
    "saveChannel",
    "setQuietHours",
}


def mutations_with_text() -> set[str]:
    kind = schema._schema.mutation_type
    assert kind is not None
    return {
        name
        for name, field in kind.fields.items()
        if any(has_text(each.type) for key, each in field.args.items() if key != "idempotencyKey")
    }


def has_text(kind: GraphQLInputType) -> bool:
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        return any(has_text(field.type) for field in named.fields.values())
    return named.name == "String"
