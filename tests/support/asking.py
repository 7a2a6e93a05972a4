"""What tests ask through HTTP: the documents, and short words to send them with."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable
from typing import Any
from uuid import UUID

from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type

from models.viewers import Viewer
from schema.base import ids
from schema.execution.schema import schema
from tests.support.running import Client

Answer = dict[str, Any]

BRIEFLY = {
    "Customer": "id owner { id }",
    "Member": "id",
    "Department": "id",
    "Pool": "id",
    "InputProblem": "path message",
    "MoveAnswer": "customerId moved refusal { __typename message }",
    "Duplicate": "matchedOn standing customer { id }",
    "Calendar": "year",
    "Organization": "id duplicateKeys lookupLimit",
    "Webhook": "id",
    "WebhookDelivery": "id",
    "Channel": "id",
    "ChannelDelivery": "id",
    "MemberLoad": "member { id } held capacity",
    "Received": "member { id } count",
    "CustomerConnection": "nodes { id }",
}


def whole(union: str) -> str:
    """All that an answer of this union may say."""
    kind = schema._schema.type_map[union]
    assert isinstance(kind, GraphQLUnionType)
    return " ".join(["__typename", *map(_fields, kind.types)])


def _fields(kind: GraphQLObjectType) -> str:
    inside = [
        f"{name} {{ {brief} }}" if (brief := BRIEFLY.get(get_named_type(field.type).name)) else name
        for name, field in kind.fields.items()
    ]
    return f"... on {kind.name} {{ {' '.join(inside)} }}"


CHECK = f"query ($id: ID!) {{ customer(id: $id) {{ claimable {{ {whole('ClaimCheck')} }} }} }}"
KEY = "idempotencyKey: $key"

CLAIM = f"""mutation ($customer: ID!, $key: String) {{
  claimCustomer(customerId: $customer, {KEY}) {{ {whole("ClaimResult")} }}
}}"""
CLAIMS = f"""mutation ($customers: [ID!]!, $key: String) {{
  claimCustomers(customerIds: $customers, {KEY}) {{ {whole("ClaimResult")} }}
}}"""
RELEASE = f"""mutation ($customer: ID!, $reason: String! = "没有需求", $pool: ID, $key: String) {{
  releaseCustomer(customerId: $customer, reason: $reason, poolId: $pool, {KEY}) {{
    {whole("ReleaseResult")}
  }}
}}"""
ASSIGN = f"""mutation ($customer: ID!, $member: ID!, $key: String) {{
  assignCustomer(customerId: $customer, memberId: $member, {KEY}) {{ {whole("ClaimResult")} }}
}}"""
ASSIGN_MANY = f"""mutation($customers: [ID!]!, $member: ID!, $key: String) {{
  assignCustomers(customerIds: $customers, memberId: $member, {KEY}) {{ {whole("ClaimResult")} }}
}}"""
TRANSFER = ASSIGN.replace("assignCustomer", "transferCustomer")
FOLLOW_UP = f"""mutation (
  $customer: ID!, $kind: FollowUpKind! = CALL, $note: String! = "谈了报价", $key: String
) {{
  logFollowUp(customerId: $customer, kind: $kind, note: $note, {KEY}) {{ {whole("HoldResult")} }}
}}"""
COMMENT = f"""mutation ($customer: ID!, $text: String! = "报价了吗？", $key: String) {{
  comment(customerId: $customer, text: $text, {KEY}) {{ {whole("CommentResult")} }}
}}"""
DEAL = f"""mutation ($customer: ID!, $amount: Decimal! = "1280.50", $key: String) {{
  recordDeal(customerId: $customer, amount: $amount, {KEY}) {{ {whole("HoldResult")} }}
}}"""
IMPORT = f"""mutation ($pool: ID!, $csv: String!) {{
  importCustomers(poolId: $pool, csv: $csv) {{ {whole("ImportResult")} }} }}"""


def gid(kind: str, id: UUID) -> str:
    return str(ids.encode(kind, id))


def customer_gid(id: UUID) -> str:
    return gid("Customer", id)


async def ask(api: Client, who: Viewer, document: str, **variables: Any) -> Any:
    """What an operation of one field answers."""
    (answer,) = (await api.data(who.member, document, **variables)).values()
    return answer


async def ask_until_told(api: Client, who: Viewer, document: str, **variables: Any) -> Any:
    """As `ask`; who is told to come later comes then, as apps do where a machine is slow.

    Give a key: what was cut off at its deadline may have been done.
    """
    while errors := (answer := await api.graphql(who.member, document, **variables)).get("errors"):
        (extensions,) = (each["extensions"] for each in errors)
        assert extensions["code"] == "UNAVAILABLE", errors
        await asyncio.sleep(extensions["retryAfter"])
    (told,) = answer["data"].values()
    return told


async def said(api: Client, who: Viewer | None, language: str, document: str, **given: Any) -> Any:
    """The whole answer to whoever reads this language."""
    headers = {"Accept-Language": language}
    if who:
        headers["Authorization"] = f"Bearer {api.token(who.member)}"
    body = {"query": document, "variables": given}
    return (await api.http.post(api.graphql_url, json=body, headers=headers)).json()


async def refused(api: Client, who: Viewer, document: str, **variables: Any) -> Answer:
    """The one error that an operation meets: its path in the answer, and its extensions."""
    answer = await api.graphql(who.member, document, **variables)
    (error,) = answer["errors"]
    return {"path": error.get("path"), **error.get("extensions", {})}


async def kinds(answers: Iterable[Awaitable[Answer]]) -> Counter[str]:
    """How often each type is answered by requests that are sent at once."""
    return Counter(each["__typename"] for each in await asyncio.gather(*answers))
