"""Nothing crosses organizations: every operation, every id, every role.

Made from the schema itself: an operation or an id argument that is not tried here fails the test.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import websockets
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
)

from models import database
from models.holding import extensions, follow_ups
from models.imports import stored
from models.organizations import leaving
from models.organizations.departments import save_department
from models.ownership import claims
from models.pools import access
from models.rules.durations import Span
from models.tables import Event
from models.viewers import Viewer
from schema.execution.schema import schema
from tests.support.asking import gid, whole
from tests.support.running import Client
from tests.support.samples import Office, found

ROOTS = {
    "query": schema._schema.query_type,
    "mutation": schema._schema.mutation_type,
    "subscription": schema._schema.subscription_type,
}
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND relname NOT IN ('heartbeat') ORDER BY 1
"""
RULES = {"capacity": 9, "capacities": []}
# What each operation is given besides the ids that are tried on it; where it takes either of two,
# what it is given besides the one.
GIVEN: dict[str, dict[str, Any]] = {
    "nodes": {"ids": ["Customer"]},
    "claimCustomers": {"customerIds": ["Customer"]},
    "assignCustomers": {"customerIds": ["Customer"]},
    "releaseCustomer": {"reason": "没有需求"},
    "logFollowUp": {"kind": "CALL", "note": "谈了报价"},
    "recordDeal": {"amount": "1"},
    "comment": {"text": "请尽快报价"},
    "updateCustomer": {"customer": {"name": "改过的名字"}},
    "mergeCustomers": {"reason": "同一家"},
    "eraseCustomer": {"reason": "REQUESTED"},
    "releaseDuplicateKey": {"key": "NAME", "value": "旧名"},
    "moveCustomers": {"customerIds": ["Customer"]},
    "saveMember": {"member": {"name": "新人", "email": "new@demo.test"}},
    "saveDepartment": {"name": "新部门"},
    "setAbsence": {"from": "2031-01-01", "to": "2031-01-02"},
    "cancelAbsence": {"from": "2031-01-01"},
    "createPool": {"name": "新公海", "rules": RULES},
    "updatePoolRules": {"rules": RULES},
    "setPoolAccess": {"memberIds": [], "departmentIds": [], "administratorIds": []},
    "importCustomers": {"csv": "name\n新客户"},
    "registerCustomer": {"customer": {"name": "新报备"}},
    "saveWebhook": {"url": "https://127.0.0.1/events"},
    "saveChannel": {"channel": {"kind": "SLACK", "forOrganization": True, "url": "https://127.1/"}},
    "requestExtension": {"by": "P1D", "reason": "合同在走流程"},
    "decideExtension": {"approve": True},
    "confirmDeal": {"approve": True},
    "undoReleases.poolId": {"rulesVersion": 1},
    "handOver": {"toMemberIds": ["Member"], "reason": "交接"},
    "previewRules": {"rules": RULES},
    "adviseCapacity": {"conversionCycle": "P30D", "visitsPerDay": 3.0},
    "exportPool": {"format": "CSV"},
    "exportPrivatePool": {"format": "CSV"},
    "exportHistory": {"format": "CSV"},
    "exportPoolReport": {
        "from": "2026-01-01T00:00:00Z",
        "to": "2026-12-31T00:00:00Z",
        "format": "CSV",
    },
    "poolReport": {"from": "2026-01-01T00:00:00Z", "to": "2026-12-31T00:00:00Z"},
}
# What an id argument is an id of.
KINDS = {
    "customerId": "Customer",
    "customerIds": "Customer",
    "keep": "Customer",
    "drop": "Customer",
    "poolId": "Pool",
    "releaseToPoolId": "Pool",
    "releaseTo": "Pool",
    "memberId": "Member",
    "memberIds": "Member",
    "fromMemberId": "Member",
    "toMemberIds": "Member",
    "handOverTo": "Member",
    "administratorIds": "Member",
    "departmentId": "Department",
    "departmentIds": "Department",
    "parentId": "Department",
    "leadId": "Member",
    "Query.pool.id": "Pool",
    "Query.customer.id": "Customer",
    "saveMember.member.id": "Member",
    "saveDepartment.id": "Department",
    "saveWebhook.id": "Webhook",
    "webhookId": "Webhook",
    "deliveryId": "WebhookDelivery",
    "saveChannel.channel.id": "Channel",
    "poolIds": "Pool",
    "channelId": "Channel",
    "channelDeliveryId": "ChannelDelivery",
    "extensionId": "Extension",
    "sheetId": "Sheet",
}
NODES = (
    "Customer",
    "Pool",
    "Member",
    "Department",
    "Organization",
    "Event",
    "FollowUp",
    "Webhook",
    "WebhookDelivery",
    "Extension",
    "Channel",
    "ChannelDelivery",
)
# A webhook as it stands where its address could be looked up, and a delivery that failed.
POSTED = """
WITH hook AS (
  INSERT INTO webhook (organization_id, url, secret, read_txid, read_seq)
  VALUES ($1, 'https://hooks.example', 'whsec_x', '1'::xid8, 1) RETURNING *
)
INSERT INTO webhook_delivery (organization_id, webhook_id, event_id, customer_id, seq, status,
  began_at, ended_at, problem)
SELECT $1, hook.id, e.id, e.customer_id, e.seq, 'FAILED', now(), now(),
  '{"template": "it answered {status}", "facts": {"status": 500}}'
FROM hook, event e WHERE e.id = $2 RETURNING id, webhook_id
"""
# The organization's channel, and a message that was given up.
CHANNELED = """
WITH channel AS (
  INSERT INTO channel (organization_id, kind, url, language, digest_seconds, read_txid, read_seq,
    heard_txid, heard_seq)
  VALUES ($1, 'SLACK', 'https://hooks.example', 'zh', 300, '1'::xid8, 1, '1'::xid8, 1) RETURNING *
)
INSERT INTO channel_delivery (organization_id, channel_id, alerts, from_txid, from_seq, upto_txid,
  upto_seq, status, ended_at, next_at)
SELECT $1, id, 1, read_txid, read_seq, read_txid, read_seq, 'FAILED', now(), NULL
FROM channel RETURNING id, channel_id
"""
FOLLOWED = {
    "importProgress": "importProgress(sheetId: $id) { state }",
    "poolChanges": "poolChanges(poolId: $id) { cursor }",
}
NOT_KNOWN = "is not known"


@dataclass(frozen=True)
class Place:
    """Where an id goes: the operation, and the way to the value in its arguments."""

    root: str
    operation: str
    way: tuple[str | int, ...]
    kind: str

    def __str__(self) -> str:
        return f"{self.root} {self.operation}({'.'.join(map(str, self.way))}: {self.kind})"


def places() -> Iterator[Place]:
    for root, kind in ROOTS.items():
        assert kind is not None
        for name, field in kind.fields.items():
            for way in ways(field.args):
                for what in kinds_of(root, name, way):
                    yield Place(root, name, way, what)


def ways(given: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """The ways to each id among arguments, or among an input's fields."""
    for name, value in given.items():
        kind = value.type
        inner = get_named_type(kind)
        plain = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        step = (name, 0) if isinstance(plain, GraphQLList) else (name,)
        if inner.name == "ID":
            yield step
        elif isinstance(inner, GraphQLInputObjectType):
            for rest in ways(inner.fields):
                yield (*step, *rest)


def kinds_of(root: str, operation: str, way: tuple[str | int, ...]) -> tuple[str, ...]:
    if operation in ("node", "nodes"):
        return NODES
    name = next(step for step in reversed(way) if isinstance(step, str))
    for key in (
        name,
        f"{root.title()}.{operation}.{name}",
        f"{operation}.{'.'.join(map(str, way))}",
    ):
        if key in KINDS:
            return (KINDS[key],)
    raise AssertionError(f"nobody said what {operation}'s {'.'.join(map(str, way))} is an id of")


@dataclass
class World:
    """An organization, with one id of each kind in it."""

    office: Office
    ids: dict[str, str]
    team: dict[str, Viewer]


async def world(name: str) -> World:
    office = await found(name)
    rules = {"max_hold": "P20D", "follow_up_within": "P7D", "extension_limit": "P3D"}
    pool = await office.pool(**rules)
    holder = await office.person()
    _, held = await office.customers(pool, 2)
    await claims.claim(holder, [held])
    await follow_ups.log_follow_up(holder, held, "CALL", "谈了报价")
    asked = await extensions.ask(holder, held, Span.parse("P1D"), "合同在走流程")
    runs, lead = await office.person(), await office.person()
    department = office.department_id
    assert department is not None
    await access.set_access(await office.admin(), pool.id, [], [department], [runs.id])
    await save_department(await office.admin(), department, "销售部", lead_id=lead.id)
    event = await Event.get(customer_id=held, action="FOLLOWED_UP")
    ids = {"Customer": held, "Pool": pool.id, "Member": holder.id, "Department": department}
    ids |= {"Organization": office.id, "Event": event.id, "FollowUp": event.id}
    (posted,) = await database.rows(POSTED, office.id, event.id)
    ids |= {"Extension": asked.id}
    ids |= {"Sheet": (await stored.upload(await office.admin(), b"name\nA")).id}
    ids |= {"Webhook": posted["webhook_id"], "WebhookDelivery": posted["id"]}
    (sent,) = await database.rows(CHANNELED, office.id)
    ids |= {"Channel": sent["channel_id"], "ChannelDelivery": sent["id"]}
    team = {
        "SALES": holder,
        "administrator": await office.viewer(runs.id),
        "lead": await office.viewer(lead.id),
        "MANAGER": await office.person(role="MANAGER"),
        "ADMIN": await office.admin(),
    }
    return World(office, {kind: gid(kind, id) for kind, id in ids.items()}, team)


def document(root: str, operation: str, given: dict[str, Any]) -> str:
    kind = ROOTS[root]
    assert kind is not None
    field = kind.fields[operation]
    heads = ", ".join(f"${name}: {field.args[name].type}" for name in given)
    passed = ", ".join(f"{name}: ${name}" for name in given)
    return f"{root} ({heads}) {{ {operation}({passed}) {selection(field)} }}"


def selection(field: GraphQLField) -> str:
    kind = get_named_type(field.type)
    if isinstance(kind, GraphQLUnionType):
        return f"{{ {whole(kind.name)} }}"
    if isinstance(kind, GraphQLObjectType) and "nodes" in kind.fields:
        return "{ nodes { __typename id } }"
    return "{ __typename }"


def arguments(place: Place, own: dict[str, str], id: str) -> dict[str, Any]:
    """Right ones of the asker's own organization, but for the one id that is tried."""
    kind = ROOTS[place.root]
    assert kind is not None
    given = GIVEN.get(place.operation) or GIVEN.get(f"{place.operation}.{place.way[0]}", {})
    variables: dict[str, Any] = copy.deepcopy(given)
    for name, argument in kind.fields[place.operation].args.items():
        if name not in variables and needed(argument):
            variables[name] = own[kinds_of(place.root, place.operation, (name,))[0]]
        elif variables.get(name) in (["Customer"], ["Member"]):
            variables[name] = [own[variables[name][0]]]
    put(variables, place.way, id)
    return variables


def needed(argument: GraphQLArgument) -> bool:
    return isinstance(argument.type, GraphQLNonNull) and get_named_type(argument.type).name == "ID"


def put(into: Any, way: tuple[str | int, ...], id: str) -> None:
    step, *rest = way
    if isinstance(into, list):
        if not into:
            into.append({"capacity": 1} if rest else None)
    elif rest:
        into.setdefault(step, [] if isinstance(rest[0], int) else {})
    if rest:
        put(into[step], tuple(rest), id)
    else:
        into[step] = id


async def everything() -> dict[str, str]:
    """What stands in each table."""
    sql = "SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) AS digest FROM {} t"
    return {
        name: (await database.rows(sql.format(f'"{name}"')))[0]["digest"]
        for name in [row["relname"] for row in await database.rows(TABLES)]
    }


def is_no(answer: dict[str, Any], role: str) -> bool:
    """Nothing, NotFound, a list's place that is not known; or what the role may not do at all."""
    codes = [each.get("extensions", {}).get("code") for each in answer.get("errors", [])]
    if codes == ["InvalidInput"]:
        (error,) = answer["errors"]
        return is_nothing({"__typename": "InvalidInput"} | error["extensions"], role)
    if codes:
        return codes == ["NotFound"] or (codes == ["Forbidden"] and role != "ADMIN")
    (value,) = answer["data"].values()
    values = value if isinstance(value, list) else [value]
    return all(is_nothing(each, role) for each in values)


def is_nothing(value: Any, role: str) -> bool:
    if value is None or value == {"nodes": []}:
        return True
    match value.get("__typename"):
        case "NotFound":
            return True
        case "InvalidInput":
            return {each["message"] for each in value["problems"]} == {NOT_KNOWN}
        case "Forbidden":
            return role != "ADMIN"
    return False


def test_there_is_something_to_try() -> None:
    tried = {place.operation for place in places()}
    for root in ROOTS.values():
        assert root is not None
        without_ids = {"viewer", "pools", "organization", "readAlerts", "releaseAlerts"}
        without_ids |= {
            "ledDepartments",
            "duplicates",
            "setCalendar",
            "setDuplicateKeys",
            "setExportLimit",
            "setLookupLimit",
            "setQuietHours",
        }
        assert set(root.fields) - tried <= without_ids


@pytest.mark.parametrize("role", ["SALES", "administrator", "lead", "MANAGER", "ADMIN"])
async def test_another_organizations_ids_are_answered_like_ids_that_never_were(
    api: Client, database: None, role: str
) -> None:
    own, foreign = await world("示范企业"), await world("别的企业")
    who = own.team[role]
    before = await everything()
    wrong = []
    for place in places():
        if place.root == "subscription":
            continue
        answers = []
        # What is no id of ours is refused before anybody's rights are looked at.
        for id in variants(place, foreign)[: None if role == "ADMIN" else 3]:
            given = arguments(place, own.ids, id)
            text = document(place.root, place.operation, given)
            answers.append(plain(await api.graphql(who.member, text, **given), id))
        if not all(answer == answers[0] and is_no(answer, role) for answer in answers):
            wrong.append((str(place), answers))
    assert wrong == []
    assert await everything() == before


def variants(place: Place, foreign: World) -> list[str]:
    own_kind = [foreign.ids[place.kind], gid(place.kind, uuid4()), gid(place.kind, UUID(int=0))]
    return [*own_kind, "", "nonsense", f"{place.kind}_", gid("Nothing", uuid4()), "x" * 300]


def plain(answer: dict[str, Any], id: str) -> dict[str, Any]:
    assert not id or id not in json.dumps(answer)
    return answer


async def test_the_same_requests_with_ones_own_ids_are_answered(
    api: Client, database: None
) -> None:
    """Else the test above would be content with operations that never work."""
    own = await world("示范企业")
    for place in places():
        if place.root != "subscription":
            if place.root == "mutation":
                own = await world("示范企业")
            given = arguments(place, own.ids, own.ids[place.kind])
            text = document(place.root, place.operation, given)
            answer = await api.graphql(own.team["ADMIN"].member, text, **given)
            assert not is_no(answer, "ADMIN"), (place, answer)


async def test_the_arguments_of_an_objects_fields_are_tried_too(
    api: Client, database: None
) -> None:
    fields = [
        f"{kind.name}.{name}({argument})"
        for kind in schema._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and kind not in ROOTS.values()
        for name, field in kind.fields.items()
        for argument, of in field.args.items()
        if get_named_type(of.type).name == "ID"
    ]
    assert fields == ["Member.privatePool(poolId)"]
    own, foreign = await world("示范企业"), await world("别的企业")
    text = "query ($id: ID!) { viewer { privatePool(poolId: $id) { held } } }"
    place = Place("query", "privatePool", ("poolId",), "Pool")
    for who in own.team.values():
        answers = [await api.graphql(who.member, text, id=id) for id in variants(place, foreign)]
        assert all(answer == answers[0] and is_no(answer, "ADMIN") for answer in answers)
        answer = await api.data(who.member, text, id=own.ids["Pool"])
        assert answer["viewer"]["privatePool"]["held"] in (0, 1)


async def test_what_is_of_another_organization_cannot_be_followed(
    api: Client, database: None
) -> None:
    own, foreign = await world("示范企业"), await world("别的企业")
    tried = [place for place in places() if place.root == "subscription"]
    assert [place.operation for place in tried] == list(FOLLOWED)
    for place in tried:
        for role, who in own.team.items():
            answers = [await followed(api, who, place, id) for id in variants(place, foreign)]
            codes = [[error["extensions"]["code"] for error in each] for each in answers]
            assert codes == [["NotFound"]] * len(answers), role
            assert all(each == answers[0] for each in answers)


async def followed(api: Client, who: Viewer, place: Place, id: str) -> list[dict[str, Any]]:
    """The errors that a subscription ends with."""
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(api.ws_url, subprotocols=[protocol], proxy=None) as socket:
        token = f"Bearer {api.token(who.member)}"
        await send(socket, type="connection_init", payload={"Authorization": token})
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        text = f"subscription ($id: ID!) {{ {FOLLOWED[place.operation]} }}"
        await send(
            socket, type="subscribe", id="1", payload={"query": text, "variables": {"id": id}}
        )
        answer = json.loads(await socket.recv())
        if answer["type"] == "next":
            assert answer["payload"]["data"] is None
            return list(answer["payload"]["errors"])
        assert answer["type"] == "error"
        return list(answer["payload"])


async def send(socket: websockets.ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def test_a_leavers_token_opens_nothing(api: Client, database: None) -> None:
    own = await world("示范企业")
    leaver = own.team["SALES"]
    await leaving.deactivate(own.team["ADMIN"], leaver.id)
    response = await api.post(leaver.member, "{ viewer { id } }")
    assert response.status_code == 401
    assert "data" not in response.json()
