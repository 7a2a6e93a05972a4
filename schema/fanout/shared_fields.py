"""Which operations may be executed once for many watchers.

An audience sees the same of a customer: whether its pool is open to them, whether they administer
it, and none of them holds it. A field is shared if nothing else of its viewer decides its value. A
test finds each field that is neither here nor known to differ.
"""

from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    GraphQLResolveInfo,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)

SHARED = {
    "Subscription": {"poolChanges"},
    "PoolChange": {"cursor", "kind", "customer", "at"},
    "Node": {"id"},
    "Customer": {
        "id",
        "name",
        "createdAt",
        "erasedAt",
        "level",
        "openedAt",
        "contact",
        "pool",
        "owner",
        "holding",
    },
    "Contact": {"person", "phone", "email", "masked"},
    "Pool": {"id", "name", "rulesVersion"},
    "Member": {"id", "name", "email", "role", "active", "department"},
    "Department": {"id", "name", "parent", "lead"},
    "Holding": {
        "since",
        "locked",
        "followedUpAt",
        "wonAt",
        "dealReportedAt",
        "remindAt",
        "release",
    },
    "ReleaseForecast": {"at", "reason", "conditions", "provisional"},
    "ReleaseCondition": {"reason", "at", "remedy"},
}


def is_shared(info: GraphQLResolveInfo[Any]) -> bool:
    """Whether the whole operation selects nothing but shared fields, whatever its variables."""
    types = TypeInfo(info.schema)
    found = _Selected(types)
    for node in (info.operation, *info.fragments.values()):
        visit(node, TypeInfoVisitor(types, found))
    return found.only_shared


class _Selected(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.only_shared = True
        self._types = types

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self._types.get_parent_type()
        of_type = SHARED.get(parent.name, set()) if parent else set()
        if node.name.value not in of_type and node.name.value != "__typename":
            self.only_shared = False

    def enter_directive(self, _node: DirectiveNode, *_: Any) -> None:
        # It may select by a variable.
        self.only_shared = False
