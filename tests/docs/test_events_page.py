"""docs/events.md is the catalogue of models/ledger/actions.py, each type with a message of it."""

import json
import re
from typing import Any

from models.ledger.actions import WEBHOOK_TYPES
from models.webhooks import payloads, pinging, webhooks
from settings import Settings
from tests.docs import one_of_each
from tests.docs.pages import Page, undated
from tests.schema.test_webhooks import posting
from tests.support.receiver import receiving
from tests.support.samples import found, until
from tests.support.zones import zone_where_it_is

PAGE = Page("docs/events.md")
ENTRY = re.compile(r"^## `([\w.]+)`\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
ENTRIES = dict(ENTRY.findall(PAGE.text))
FIELD = re.compile(r"^\| `([\w.]+)` \|", re.MULTILINE)
OPENED = {"webhooks_to_private_addresses": True}
ID = re.compile(r"\b([A-Z][a-z]+)_[0-9a-f]{32}\b")


def test_the_page_has_the_types_of_the_catalogue_in_its_order() -> None:
    assert list(ENTRIES) == [*WEBHOOK_TYPES.values(), payloads.PING]


def test_each_message_of_the_page_is_of_its_type() -> None:
    actions = {type: action for action, type in WEBHOOK_TYPES.items()}
    for type, message in shown().items():
        assert message["type"] == type
        assert message["data"].get("action") == actions.get(type)


def test_the_table_has_the_fields_of_the_messages() -> None:
    assert set(FIELD.findall(PAGE.text)) == set().union(*map(fields_of, shown().values()))


async def test_each_message_of_the_page_is_posted(database: None, settings: Settings) -> None:
    office = await found(time_zone=zone_where_it_is(12))
    async with receiving() as receiver:
        admin, opened = await office.admin(), settings.model_copy(update=OPENED)
        webhook, secret = await webhooks.save(admin, None, receiver.url, None, private=True)
        receiver.secret = str(secret)
        await pinging.ping(admin, webhook.id, opened)
        await one_of_each.happen(office)
        async with posting(settings):
            await until(lambda: all_types(receiver.messages), seconds=30)
    first: dict[str, Any] = {}
    # Events of different customers come in any order.
    for message in sorted(receiver.messages, key=lambda each: str(each["timestamp"])):
        first.setdefault(message["type"], message)
    assert {type: unlike(message) for type, message in first.items()} == {
        type: unlike(message) for type, message in shown().items()
    }


async def all_types(messages: list[dict[str, Any]]) -> bool:
    return {message["type"] for message in messages} == ENTRIES.keys()


def shown() -> dict[str, dict[str, Any]]:
    found = {}
    for type, text in ENTRIES.items():
        (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
        found[type] = json.loads(block)
    return found


def unlike(message: dict[str, Any]) -> Any:
    """The message without its moments and ids, which no two runs have alike."""
    return json.loads(ID.sub(r"\1_…", json.dumps(undated(message), ensure_ascii=False)))


def fields_of(message: dict[str, Any], before: str = "") -> set[str]:
    found = set()
    for name, value in message.items():
        found |= {before + name}
        if isinstance(value, dict):
            found |= fields_of(value, f"{before}{name}.")
    return found
