"""What makes two requests with one idempotency key the same request."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import strawberry

from schema.base import ids


def request_identity(field: str, arguments: dict[str, Any]) -> list[Any]:
    """Return the field and its arguments as JSON, equal for equal requests.

    The ledger stores its SHA-256 beside the answer, so a form never changes once it is released.
    """
    version_1 = VERSION_1.get(field)
    return version_1(**arguments) if version_1 else [field, _plain(arguments)]


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, dict):
        given = {name: each for name, each in value.items() if each is not strawberry.UNSET}
        return {name: _plain(each) for name, each in given.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _id(type_name: str, value: str | None) -> str:
    return str(ids.decode_given(value, type_name))


# The fields that took a key before there was a form for all fields keep the form of then: ledgers
# have it. claimCustomer and claimCustomers share theirs.
VERSION_1: dict[str, Callable[..., list[Any]]] = {
    "claimCustomer": lambda customer_id: ["claim", [_id("Customer", customer_id)]],
    "claimCustomers": lambda customer_ids: ["claim", [_id("Customer", id) for id in customer_ids]],
    "releaseCustomer": lambda customer_id, reason, pool_id=None: [
        "release",
        _id("Customer", customer_id),
        reason,
        _id("Pool", pool_id),
    ],
    "assignCustomer": lambda customer_id, member_id: [
        "assign",
        _id("Customer", customer_id),
        _id("Member", member_id),
    ],
    "transferCustomer": lambda customer_id, member_id: [
        "transfer",
        _id("Customer", customer_id),
        _id("Member", member_id),
    ],
    "logFollowUp": lambda customer_id, kind, note: [
        "follow up",
        _id("Customer", customer_id),
        kind.value,
        note,
    ],
    "recordDeal": lambda customer_id, amount: ["deal", _id("Customer", customer_id), str(amount)],
    "registerCustomer": lambda customer, pool_id: [
        "register",
        _id("Pool", pool_id),
        dict(customer.to_domain()),
    ],
}
