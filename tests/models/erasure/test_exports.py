"""What an export of a person has."""

import json
from typing import Any

import pytest

from models.customers import registration
from models.customers.update import update_customer
from models.erasure import exports
from models.erasure.erasing import ErasureReason, erase
from models.erasure.exports import Export, export_customer, export_member
from models.holding import follow_ups
from models.ownership import claims, merging, releases
from models.pools import access
from models.refusals import Forbidden, InvalidInput, NotFound
from models.tables import Event
from tests.models.erasure.lives import NUMBER, PHONE, STEPS, WORD, Life
from tests.support.channels import channel
from tests.support.samples import Office, done, found, refusal


def read(export: Export) -> dict[str, Any]:
    parts: dict[str, Any] = json.loads(export.json)
    return parts


async def test_a_customers_has_its_fields_keys_and_texts(office: Office) -> None:
    life = await Life.begin(office)
    for step in STEPS.values():
        await step(life)
    other = await office.customer(life.pool)
    await update_customer(life.admin, other, {"phone": "13911112222"})
    parts = read(await export_customer(life.admin, life.id, None))
    assert parts.keys() == {"customers", "keys", "events"}
    assert len(parts["customers"]) == 2
    (kept,) = (each for each in parts["customers"] if each["id"] == str(life.id))
    assert (kept["name"], kept["phone"]) == (f"{WORD}软件", PHONE)
    assert kept["registration_number"] == NUMBER
    assert f"+86{PHONE}" in {each["key"] for each in parts["keys"]}
    texts = str(parts["events"])
    for text in ("见了", "不接电话", "又在开会", "的合同", "是同一家"):
        assert text in texts
    assert "organization_id" not in str(parts)
    assert [each for each in (str(other), "13911112222") if each in str(parts)] == []


async def test_an_erased_ones_has_no_text(office: Office) -> None:
    life = await Life.begin(office)
    await STEPS["updateCustomer"](life)
    done(await erase(life.admin, life.id, ErasureReason.REQUESTED))
    export = await export_customer(life.admin, life.id, None)
    assert WORD not in export.json
    assert [each["action"] for each in read(export)["events"]] == ["CREATED", "UPDATED", "ERASED"]


async def test_a_members_has_who_they_are_and_what_they_did(office: Office) -> None:
    pool, li, han = await office.pool(), await office.person("李雷"), await office.person()
    mine, others = await office.customers(pool, 2)
    await claims.claim(li, [mine])
    await follow_ups.log_follow_up(li, mine, "CALL", "谈了报价")
    await claims.claim(han, [others])
    admin = await office.admin()
    closed = await office.pool()
    await access.set_access(await office.admin(), closed.id, [han.id], [], [li.id])
    for who in (li, han):
        await registration.find_duplicates(who, {"name": "谁", "phone": "13911112222"})
        await channel(who, "WECOM", f"http://127.0.0.1:9/{who.id}")
    export = await export_member(admin, li.id, None)
    # The person is to read it.
    assert "谈了报价" in export.json
    parts = read(export)
    assert parts.keys() == {"member", "seats", "access", "lookups", "channels", "events"}
    (member,), (place,) = parts["member"], parts["seats"]
    assert (member["name"], member["email"], place["held"]) == ("李雷", li.member.email, 1)
    assert [each["action"] for each in parts["events"]] == [
        "MEMBER_SAVED",
        "CLAIMED",
        "FOLLOWED_UP",
        "CHANNEL_SAVED",
    ]
    assert parts["access"] == [{"pool_id": str(closed.id), "administers": True}]
    (lookup,), (own,) = parts["lookups"], parts["channels"]
    assert lookup["member_id"] == own["member_id"] == str(li.id)
    assert (own["kind"], "url" in own, "secret" in own) == ("WECOM", False, False)
    assert parts["events"][2]["details"] == {"kind": "CALL", "note": "谈了报价"}
    assert str(others) not in str(parts)


async def test_events_come_in_slices_and_each_export_is_an_act(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_EVENTS", 2)
    pool, li, admin = await office.pool(), await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "不合适")
    await claims.assign(admin, id, li.id)
    first = await export_customer(admin, id, None)
    second = await export_customer(admin, id, first.end_cursor)
    actions = [[each["action"] for each in read(part)["events"]] for part in (first, second)]
    assert actions == [["CREATED", "CLAIMED"], ["RELEASED", "ASSIGNED"]]
    assert second.end_cursor is None
    told = await Event.filter(action="PERSON_EXPORTED").order_by("seq")
    assert [(each.actor_id, each.details) for each in told] == [
        (admin.id, {"customer": str(id)})
    ] * 2
    for wrong in ("x", "eA.eA"):
        assert isinstance(await refusal(export_customer(admin, id, wrong)), InvalidInput)
    assert isinstance(await refusal(export_member(admin, li.id, first.end_cursor)), InvalidInput)


async def test_only_admins_export_and_only_of_their_organization(office: Office) -> None:
    pool, manager = await office.pool(), await office.person(role="MANAGER")
    id = await office.customer(pool)
    assert isinstance(await refusal(export_customer(manager, id, None)), Forbidden)
    assert isinstance(await refusal(export_member(manager, manager.id, None)), Forbidden)
    stranger = await (await found("别家", email="admin@other.test")).admin()
    assert await refusal(export_customer(stranger, id, None)) == NotFound()
    assert await refusal(export_member(stranger, manager.id, None)) == NotFound()


async def test_the_id_of_a_dropped_one_gives_both(office: Office) -> None:
    keep, drop = await office.customers(await office.pool(), 2)
    admin = await office.admin()
    await merging.merge(admin, keep, drop, "同一家")
    parts = read(await export_customer(admin, drop, None))
    assert {each["id"] for each in parts["customers"]} == {str(keep), str(drop)}
