"""Channels through HTTP: who may have them, what is refused, what is shown."""

import asyncio
from typing import Any

import pytest

from models.tables import Channel, Event
from models.viewers import Viewer
from settings import Settings
from tests.support.asking import ask, gid, whole
from tests.support.channels import assigned, channel, sending
from tests.support.robots import robots
from tests.support.running import Client
from tests.support.samples import Office, found

SAVE = f"""mutation ($channel: ChannelInput!, $key: String) {{
  saveChannel(channel: $channel, idempotencyKey: $key) {{
    ... on ChannelSaved {{ channel {{ id kind address signed language kinds pools {{ id }}
      member {{ id }} quietFrom quietTo digestEvery }} }}
    {whole("ChannelResult").replace("... on ChannelSaved { channel { id } }", "")}
  }}
}}"""
DELETE = (
    f"mutation ($id: ID!) {{ deleteChannel(channelId: $id) {{ {whole('DeleteChannelResult')} }} }}"
)
DELIVERY = "__typename ... on Refusal { message } ... on ChannelMessage { delivery { id status } }"
TEST = f"mutation ($id: ID!) {{ testChannel(channelId: $id) {{ {DELIVERY} }} }}"
RESEND = f"mutation ($id: ID!) {{ resendChannelDelivery(channelDeliveryId: $id) {{ {DELIVERY} }} }}"
OWN = """query ($first: Int! = 20, $after: Cursor) { viewer { channels { id
  deliveries(first: $first, after: $after) {
    nodes { id alerts greeting status attempts responseStatus problem nextAttemptAt endedAt }
    pageInfo { hasNextPage endCursor } } } } }"""
HOURS = """mutation ($from: String, $to: String) {
  setQuietHours(quietFrom: $from, quietTo: $to) { __typename
    ... on OrganizationSaved { organization { quietHours { quietFrom quietTo } } }
    ... on InvalidInput { problems { path } } } }"""
GROUPS = "{ organization { channels { id address } } }"
NODE = "query ($id: ID!) { node(id: $id) { id __typename } }"
PUBLIC = "https://1.1.1.1/cgi-bin/webhook/send?key=693a91f6-7xxx"
ROBOT = {"kind": "WECOM", "url": PUBLIC}


async def problems(api: Client, who: Viewer, **fields: Any) -> list[tuple[str, str]]:
    answer = await ask(api, who, SAVE, channel=fields)
    assert answer["__typename"] == "InvalidInput", answer
    return [(each["path"].removeprefix("channel."), each["message"]) for each in answer["problems"]]


async def test_a_member_makes_changes_and_deletes_a_channel(api: Client, office: Office) -> None:
    li = await office.person()
    given: dict[str, Any] = {
        "kind": "DINGTALK",
        "url": PUBLIC,
        "secret": "SECabc",
        "quietFrom": "22:00",
    }
    given |= {"quietTo": "07:30", "kinds": ["REMINDER", "RELEASED"], "digestEvery": "PT1H"}
    made = (await ask(api, li, SAVE, channel=given))["channel"]
    id = made.pop("id")
    assert made == {
        "kind": "DINGTALK",
        "address": "https://1.1.1.1/…7xxx",
        "signed": True,
        "language": "EN",
        "kinds": ["REMINDER", "RELEASED"],
        "pools": None,
        "member": {"id": gid("Member", li.id)},
        "quietFrom": "22:00",
        "quietTo": "07:30",
        "digestEvery": "PT1H",
    }
    change = {"id": id, "kind": "DINGTALK", "language": "ZH"}
    for given_too, signed in (({}, True), ({"secret": ""}, False)):
        changed = (await ask(api, li, SAVE, channel=change | given_too))["channel"]
        assert (changed["address"], changed["signed"]) == ("https://1.1.1.1/…7xxx", signed)
    assert (changed["kinds"], changed["quietFrom"], changed["digestEvery"]) == (None, None, "PT5M")
    assert await ask(api, li, NODE, id=id) == {"id": id, "__typename": "Channel"}
    assert await ask(api, li, DELETE, id=id) == {"__typename": "ChannelDeleted", "id": id}
    assert (await ask(api, li, DELETE, id=id))["__typename"] == "NotFound"
    logged = await Event.filter(action__startswith="CHANNEL_").order_by("seq")
    assert [event.action for event in logged] == ["CHANNEL_SAVED"] * 3 + ["CHANNEL_DELETED"]
    assert "SECabc" not in str([event.details for event in logged])
    assert "693a91f6" not in str([event.details for event in logged])


async def test_a_repeated_key_makes_one_channel(api: Client, office: Office) -> None:
    li = await office.person()
    first = await ask(api, li, SAVE, channel=ROBOT, key="k1")
    again = await asyncio.gather(*(ask(api, li, SAVE, channel=ROBOT, key="k1") for _ in range(3)))
    assert again == [first] * 3
    assert await Channel.all().count() == 1
    (answered,) = await Event.filter(action="ANSWERED")
    assert "693a91f6" not in str(answered.details)


async def test_a_member_sees_and_changes_their_own_only(api: Client, office: Office) -> None:
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id = (await ask(api, li, SAVE, channel=ROBOT))["channel"]["id"]
    for other in (han, admin):
        assert (await ask(api, other, OWN))["channels"] == []
        assert await ask(api, other, NODE, id=id) is None
        for document in (DELETE, TEST):
            assert (await ask(api, other, document, id=id))["__typename"] == "NotFound"
        change = await ask(api, other, SAVE, channel=ROBOT | {"id": id})
        assert change["__typename"] == "NotFound"
    text = "query ($id: ID!) { node(id: $id) { ... on Member { channels { id } } } }"
    answer = await api.graphql(admin.member, text, id=gid("Member", li.id))
    assert answer["errors"][0]["extensions"]["code"] == "Forbidden"


async def test_only_admins_have_the_organizations(api: Client, office: Office) -> None:
    boss, admin = await office.person(role="MANAGER"), await office.admin()
    pool = await office.pool()
    given = ROBOT | {"forOrganization": True, "poolIds": [gid("Pool", pool.id)]}
    assert (await ask(api, boss, SAVE, channel=given))["__typename"] == "Forbidden"
    made = (await ask(api, await office.admin(), SAVE, channel=given))["channel"]
    assert (made["member"], made["pools"]) == (None, [{"id": gid("Pool", pool.id)}])
    listed = (await ask(api, admin, GROUPS))["channels"]
    assert listed == [{"id": made["id"], "address": "https://1.1.1.1/…7xxx"}]
    refused = await api.graphql(boss.member, GROUPS)
    assert refused["errors"][0]["extensions"]["code"] == "Forbidden"
    assert await ask(api, boss, NODE, id=made["id"]) is None


async def test_what_is_wrong_is_named_by_its_path(api: Client, office: Office) -> None:
    li = await office.person()
    elsewhere = await (await found("别的企业", email="boss@else.test")).pool()
    assert await problems(api, li, kind="WECOM") == [("url", "give the robot's address")]
    times = {"quietFrom": "24:00", "quietTo": "7:00", "digestEvery": "PT1S", "kinds": []}
    assert await problems(api, li, **ROBOT, **times, secret="abc") == [
        ("secret", "leave it out: only DINGTALK and FEISHU have a signing secret"),
        ("kinds", "name at least one kind; leave it out for all kinds"),
        ("quietFrom", "must be a local time, e.g. 22:00"),
        ("quietTo", "must be a local time, e.g. 22:00"),
        ("digestEvery", "must be from PT1M to P1D"),
    ]
    assert await problems(api, li, **ROBOT, quietFrom="22:00") == [
        ("quietTo", "give both ends of the quiet hours, or neither")
    ]
    assert await problems(api, li, **ROBOT, quietFrom="22:00", quietTo="22:00") == [
        ("quietTo", "must be another time than quietFrom")
    ]
    assert await problems(api, li, kind="FEISHU", url=PUBLIC, secret="密" * 3) == [
        ("secret", "must be visible ASCII, at most 200 characters")
    ]
    assert await problems(api, li, **ROBOT, poolIds=[gid("Pool", elsewhere.id)]) == [
        ("poolIds", "leave it out: only a channel of the organization has it"),
        ("poolIds.0", "is not known"),
    ]
    assert await problems(api, li, kind="EMAIL", url=PUBLIC) == [
        ("kind", "this server sends no email: its operator has to set SEAPOOL_SMTP_URL"),
        ("url", "leave it out: email goes to your own address"),
    ]
    assert ("kind", "email goes to a member's own address only") in await problems(
        api, await office.admin(), kind="EMAIL", forOrganization=True
    )


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://1.1.1.1/", "must be an address that begins with https://"),
        ("https://1.1.1.1:22/", "must use port 443 or 8443"),
        ("https://127.0.0.1/", "must resolve to a public address"),
        ("https://169.254.169.254/latest", "must resolve to a public address"),
    ],
)
async def test_an_address_is_held_to_what_webhooks_are_held_to(
    api: Client, office: Office, url: str, message: str
) -> None:
    assert await problems(api, await office.person(), kind="SLACK", url=url) == [("url", message)]


async def test_a_channel_keeps_its_kind_and_owner(api: Client, office: Office) -> None:
    admin = await office.admin()
    id = (await ask(api, admin, SAVE, channel=ROBOT))["channel"]["id"]
    assert await problems(api, admin, id=id, kind="SLACK") == [
        ("kind", "a channel keeps its kind: create another one")
    ]
    assert await problems(api, admin, id=id, kind="WECOM", forOrganization=True) == [
        ("forOrganization", "a channel keeps its owner: create another one")
    ]


async def test_a_member_has_at_most_five(api: Client, office: Office) -> None:
    li = await office.person()
    answers = [await ask(api, li, SAVE, channel=ROBOT) for _ in range(6)]
    assert [each["__typename"] for each in answers] == ["ChannelSaved"] * 5 + ["InvalidInput"]
    assert answers[5]["problems"] == [
        {"path": "channel", "message": "the limit of 5 channels is reached"}
    ]


async def test_deliveries_are_listed_with_what_went_wrong_and_sent_again(
    api: Client, office: Office, settings: Settings
) -> None:
    li, pool = await office.person(), await office.pool()
    async with robots() as robot, sending(settings) as steps:
        made = await channel(li, "WECOM", robot.url("WECOM"), language="en")
        await assigned(office, pool, li, 2)
        robot.code = 93000
        await steps.send()
        (listed,) = (await ask(api, li, OWN))["channels"]
        (node,) = listed["deliveries"]["nodes"]
        assert (node["status"], node["alerts"], node["attempts"]) == ("PENDING", 2, 1)
        assert node["problem"] == "the robot answered 93000: bad"
        assert node["nextAttemptAt"]
        greeted = await ask(api, li, TEST, id=gid("Channel", made.id))
        assert greeted["delivery"]["status"] == "PENDING"
        again = await ask(api, li, RESEND, id=node["id"])
        assert again == {
            "__typename": "ChannelMessage",
            "delivery": {"id": node["id"], "status": "PENDING"},
        }
        first = (await ask(api, li, OWN, first=1))["channels"][0]["deliveries"]
        assert [each["greeting"] for each in first["nodes"]] == [True]
        cursor = first["pageInfo"]["endCursor"]
        second = (await ask(api, li, OWN, first=1, after=cursor))["channels"][0]["deliveries"]
        assert [each["id"] for each in second["nodes"]] == [node["id"]]
        assert second["pageInfo"]["hasNextPage"] is False
        admin = await office.admin()
        assert (await ask(api, admin, RESEND, id=node["id"]))["__typename"] == "NotFound"


async def test_admins_set_the_organizations_quiet_hours(api: Client, office: Office) -> None:
    admin, boss = await office.admin(), await office.person(role="MANAGER")
    for begin, end in (("22:00", "07:30"), ("22:00", "07:30"), ("22:00", "08:00")):
        saved = await ask(api, admin, HOURS, **{"from": begin, "to": end})
        hours = {"quietFrom": begin, "quietTo": end}
        assert saved["organization"]["quietHours"] == hours
    assert (await ask(api, boss, HOURS))["__typename"] == "Forbidden"
    wrong = await ask(api, admin, HOURS, to="7:30")
    assert [each["path"] for each in wrong["problems"]] == ["quietFrom", "quietTo"]
    assert (await ask(api, admin, HOURS))["organization"]["quietHours"] is None
    logged = await Event.filter(action="QUIET_HOURS_CHANGED").order_by("seq")
    assert [event.details["quiet_to"] for event in logged] == ["07:30", "08:00", None]
