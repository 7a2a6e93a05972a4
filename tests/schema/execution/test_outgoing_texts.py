"""No text tells a contact to a viewer who may not see it: each String of the schema is tried."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_introspection_type

from models.customers import csv_import
from models.customers.update import update_customer
from models.holding import comments, extension_decisions, extensions, follow_ups
from models.ownership import claims, releases
from models.rules.durations import Span
from models.tables import Customer, Event, Pool
from models.viewers import Viewer
from schema.execution.schema import schema
from tests.support.asking import ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office

# The types whose Strings tell of no customer, or mask themselves.
NO_CUSTOMER = {
    "Pool": "administrators name their pools",
    "Member": "a colleague's own name and address",
    "Department": "an administrator names it",
    "Organization": "its own name",
    "ManyMisses": "a colleague's own name",
    "LevelRules": "administrators name the levels of their rules",
    "ReleaseCondition": "advice by the rules, without any name",
    "FormerKey": "masked where it is made: tests/schema/customers/test_identity.py tries it",
    "InputProblem": "names values of the viewer's own request",
    "ImportPreview": "what stands in the viewer's own file",
    "Webhook": "an address that an administrator gave",
    "WebhookSaved": "its secret",
    "WebhookPinged": "what the receiver's computer answered",
    "SheetReady": "a signed link, without any name",
    "WebhookDelivery": "what the receiver's computer answered",
    "PersonExport": "for an admin, who gives the person all that is stored of them",
    "Channel": "a robot's host, and times",
    "QuietHours": "times",
    "ChannelDelivery": "what a robot or a mail server answered",
    "Refusal": "facts of the rules, and values of the viewer's own request",
}
WORDS = "{}：138 2468 0001、座机０１０－８７６５ ４３２１ 转 8001，li.lei@x.cn、+86-13913570002"
MASKED = "{}：138****0001、座机010********8001，l*****@x.cn、+86-139****0002"
SECRETS = ("2468", "1357", "8765", "4321", "lilei")
FACTS = {
    "level": "A 138-2468-0001",
    "person": "张三 138 2468 0001",
    "phone": "138-2468-0001",
    "email": "li.lei@x.cn",
}


def strings() -> dict[str, list[str]]:
    """The String fields of each type that tells of a customer."""
    found = defaultdict(list)
    for name, kind in schema._schema.type_map.items():
        if not isinstance(kind, GraphQLObjectType) or is_introspection_type(kind):
            continue
        if {name, *(each.name for each in kind.interfaces)} & NO_CUSTOMER.keys():
            continue
        for field_name, field in kind.fields.items():
            if get_named_type(field.type).name == "String":
                found[name].append(field_name)
    return found


FRAGMENTS = "\n".join(
    f"fragment of{name} on {name} {{ __typename {' '.join(fields)} }}"
    for name, fields in strings().items()
)
# A way to each of them.
DOCUMENT = f"""query ($id: ID!, $extension: ID!, $event: ID!, $pool: ID!) {{
  customer(id: $id) {{ ...all }}
  node(id: $extension) {{ ... on Extension {{ ...ofExtension customer {{ ...ofCustomer }} }} }}
  event: node(id: $event) {{ ... on Event {{ ...ofEvent customer {{ ...ofCustomer }} }} }}
  viewer {{ alerts {{ nodes {{ ...ofAlert customer {{ ...ofCustomer }} }} }}
    privatePool {{ customers {{ nodes {{ ...ofCustomer }} }} }} }}
  pool(id: $pool) {{ customers(orderBy: NAME) {{ nodes {{ ...all }} }} }}
}}
fragment all on Customer {{ ...ofCustomer contact {{ ...ofContact }}
  history {{ nodes {{ ...ofEvent }} }} followUps {{ nodes {{ ...ofFollowUp }} }} }}
{FRAGMENTS}"""


@pytest.fixture
async def pool(office: Office) -> Pool:
    return await office.pool(max_hold="P20D", deal_within="P10D", extension_limit="P9D")


async def lived(office: Office, pool: Pool, han: Viewer) -> tuple[Customer, dict[str, str]]:
    """A customer that Han held and gave back; every text of its life tells its contacts."""
    boss = await office.admin()
    await csv_import.import_customers(boss, pool.id, "name\n甲")
    customer = await Customer.get(pool_id=pool.id)
    await update_customer(boss, customer.id, {"name": WORDS.format("名称"), **FACTS})
    await claims.assign(boss, customer.id, han.id)
    await follow_ups.log_follow_up(han, customer.id, "CALL", WORDS.format("跟进"))
    asked = await extensions.ask(han, customer.id, Span.parse("P2D"), WORDS.format("延期"))
    decided = extension_decisions.decide(boss, asked.id, True, WORDS.format("批准"))
    assert (await decided).note == WORDS.format("批准")
    await comments.comment(boss, customer.id, WORDS.format("批注"))
    await releases.give_back(han, customer.id, WORDS.format("退回"))
    event = await Event.get(customer_id=customer.id, action="RELEASED")
    given = {"extension": gid("Extension", asked.id), "event": gid("Event", event.id)}
    return customer, {"id": customer_gid(customer.id), "pool": gid("Pool", pool.id)} | given


def told(answer: Any) -> Iterator[tuple[str, str, str]]:
    """Type, field and value of each text in an answer."""
    if isinstance(answer, dict):
        kind = answer.get("__typename")
        for name, value in answer.items():
            if isinstance(value, str) and kind and name != "__typename":
                yield kind, name, value
            yield from told(value)
    for each in answer if isinstance(answer, list) else ():
        yield from told(each)


def hides(value: str) -> bool:
    signs = unicodedata.normalize("NFKC", value)
    return not any(secret in "".join(filter(str.isalnum, signs)) for secret in SECRETS)


async def test_pooled_or_a_colleagues_no_string_of_the_schema_tells_a_contact(
    api: Client, office: Office, pool: Pool
) -> None:
    li, han = await office.person(), await office.person()
    customer, given = await lived(office, pool, han)
    found: set[tuple[str, str]] = set()
    for holder in (None, li):
        if holder:
            await claims.claim(li, [customer.id])
        answer = await api.data(han.member, DOCUMENT, **given)
        assert answer["customer"]["history"]["nodes"]
        texts = list(told(answer))
        assert [text for text in texts if not hides(text[2])] == []
        assert "138****0001" in json.dumps(answer)
        found |= {(kind, name) for kind, name, _ in texts}
        assert answer["customer"]["name"] == MASKED.format("名称")
        assert answer["customer"]["level"] == "A 138****0001"
        assert answer["event"]["reason"] == MASKED.format("退回")
        assert answer["node"]["reason"] == MASKED.format("延期")
        assert answer["node"]["note"] == MASKED.format("批准")
        alerts = [each["message"] for each in answer["viewer"]["alerts"]["nodes"]]
        assert MASKED.format("名称") + " was assigned to you." in alerts
        if not holder:
            (follow_up,) = answer["customer"]["followUps"]["nodes"]
            assert follow_up["note"] == MASKED.format("跟进")
            assert answer["customer"]["contact"] == {
                "__typename": "Contact",
                "person": "张三 138****0001",
                "phone": "138****0001",
                "email": "l*****@x.cn",
            }
    assert found == {(kind, name) for kind, names in strings().items() for name in names}


async def test_its_owner_and_its_pools_administrators_read_every_word(
    api: Client, office: Office, pool: Pool
) -> None:
    li, han = await office.person(), await office.person()
    customer, given = await lived(office, pool, han)
    await claims.claim(li, [customer.id])
    for who in (li, await office.admin(), await office.person(role="MANAGER")):
        answer = await api.data(who.member, DOCUMENT, **given)
        assert answer["customer"]["name"] == WORDS.format("名称")
        assert answer["customer"]["contact"]["person"] == FACTS["person"]
        assert answer["event"]["reason"] == WORDS.format("退回")
        assert answer["customer"]["followUps"]["nodes"][0]["note"] == WORDS.format("跟进")


@pytest.mark.parametrize(
    ("masked", "name"),
    [
        ([], "甲 13824680001 li.lei@x.cn"),
        (["PHONE"], "甲 138****0001 li.lei@x.cn"),
        (["EMAIL", "PERSON"], "甲 13824680001 l*****@x.cn"),
    ],
)
async def test_a_text_hides_what_the_pools_rules_hide(
    api: Client, office: Office, masked: list[str], name: str
) -> None:
    pool, li, han = await office.pool(masked=masked), await office.person(), await office.person()
    text = "name\n甲 13824680001 li.lei@x.cn"
    await csv_import.import_customers(await office.admin(), pool.id, text)
    customer = await Customer.get(pool_id=pool.id)
    document = "query ($id: ID!) { customer(id: $id) { name } }"
    asked = {"id": customer_gid(customer.id)}
    assert await ask(api, han, document, **asked) == {"name": name}
    await claims.claim(li, [customer.id])
    assert await ask(api, han, document, **asked) == {"name": "甲 138****0001 l*****@x.cn"}


def test_each_type_that_tells_of_no_customer_is_there() -> None:
    assert [name for name in NO_CUSTOMER if name not in schema._schema.type_map] == []
