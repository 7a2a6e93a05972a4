"""The printed schema against a copy of the contract, type by type."""

import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    print_ast,
)

from schema.execution.schema import schema

CONTRACT = build_schema(Path(__file__).parents[1].joinpath("contract.graphql").read_text("utf-8"))
BUILT = build_schema(schema.as_str())

# What we add to the contract: it allows more fields and types.
ADDED_FIELDS = {
    "Alert.count",
    "Alert.customers",
    "Alert.message",
    "Department.lead",
    "Department.parent",
    "Mutation.saveDepartment.leadId",
    "Mutation.saveDepartment.parentId",
    "Query.ledDepartments",
    "Query.poolReport.departmentId",
    "Mutation.importSheet",
    "Mutation.importCustomers.ignoreOtherColumns",
    "Customer.erasedAt",
    "Mutation.eraseCustomer",
    "Member.absences",
    "Mutation.cancelAbsence",
    "Mutation.setAbsence",
    "Mutation.exportCustomer",
    "Mutation.exportMember",
    "Mutation.comment",
    "Mutation.setCalendar",
    "Mutation.undoReleases",
    "Mutation.handOver",
    "Mutation.exportHistory",
    "Mutation.exportPool",
    "Mutation.exportPoolReport",
    "Mutation.exportPrivatePool",
    "Mutation.setExportLimit",
    "Mutation.deactivateMember.handOverTo",
    "Deactivated.customers",
    "Deactivated.handedOver",
    "Mutation.saveWebhook",
    "Mutation.deleteWebhook",
    "Mutation.resendDelivery",
    "Mutation.saveChannel",
    "Mutation.deleteChannel",
    "Mutation.testChannel",
    "Mutation.pingWebhook",
    "Mutation.resendChannelDelivery",
    "Member.channels",
    "Organization.channels",
    "Organization.quietHours",
    "Mutation.setQuietHours",
    "Organization.calendar",
    "Organization.exportLimit",
    "Organization.manyMisses",
    "Organization.webhooks",
    "Pool.access",
    "Pool.atRisk",
    "Pool.extensions",
    "CapacityAdvice.visits",
    "Pool.rulesProgress",
    "ReleaseForecast.provisional",
    "Rules.absenceStopsClock",
    "Rules.distribution",
    "RulesInput.absenceStopsClock",
    "RulesInput.distribution",
    "Query.importProgress",
    "Query.previewImport",
    "Subscription.importProgress",
    "RulesPreview.at",
    "RulesPreview.dealtAtOnce",
    "PageInfo.hasPreviousPage",
    "Query.nodes",
    "PageInfo.startCursor",
    "AlertConnection.feedCursor",
    "CustomerConnection.feedCursor",
}
# Of each connection, by Relay's specification of them.
ADDED_TO_CONNECTIONS = re.compile(
    r"\w+Connection\.edges: \[\w+Edge!\]!|\w+\.\w+\.(last: Int|before: Cursor)"
)
ADDED_TYPES = {
    "Calendar",
    "CalendarResult",
    "CalendarSaved",
    "Channel",
    "ChannelDeleted",
    "ChannelDelivery",
    "ChannelDeliveryConnection",
    "ChannelInput",
    "ChannelKind",
    "ChannelLanguage",
    "ChannelMessage",
    "ChannelMessageResult",
    "ChannelResult",
    "ChannelSaved",
    "CustomerErased",
    "CommentResult",
    "Commented",
    "Date",
    "DeleteChannelResult",
    "DeleteWebhookResult",
    "DeliveryResent",
    "DeliveryStatus",
    "Delimiter",
    "ImportMode",
    "ImportPreview",
    "ImportProgress",
    "ImportState",
    "EraseResult",
    "ErasureReason",
    "PersonExport",
    "PersonExportResult",
    "ResendResult",
    "PingWebhookResult",
    "TooManyPings",
    "WebhookPinged",
    "Absence",
    "Distribution",
    "DistributionInput",
    "DistributionStrategy",
    "ExportLimitReached",
    "ExportResult",
    "ExtensionConnection",
    "HandOverResult",
    "HandedOver",
    "ManyMisses",
    "PoolAccess",
    "Received",
    "QuietHours",
    "ReleasesUndone",
    "OnExisting",
    "RulesProgress",
    "SheetEncoding",
    "SheetField",
    "SheetImportResult",
    "SheetImported",
    "SheetKind",
    "SheetFormat",
    "SheetReady",
    "UndoResult",
    "Webhook",
    "WebhookDeleted",
    "WebhookDelivery",
    "WebhookDeliveryConnection",
    "WebhookResult",
    "WebhookSaved",
    "AlertEdge",
    "ChannelDeliveryEdge",
    "CustomerEdge",
    "EventEdge",
    "ExtensionEdge",
    "FollowUpEdge",
    "MemberEdge",
    "RulesVersionEdge",
    "WebhookDeliveryEdge",
}


def of_our_own(kinds: dict[str, GraphQLNamedType]) -> set[str]:
    return {
        name
        for name, kind in kinds.items()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    }


def described(kind: GraphQLNamedType) -> set[str]:
    """Each field, argument, default, value and member of a type as a line."""
    match kind:
        case GraphQLEnumType():
            return set(kind.values)
        case GraphQLUnionType():
            return {member.name for member in kind.types}
        case GraphQLInputObjectType():
            return {_line(kind.name, name, field) for name, field in kind.fields.items()}
        case GraphQLObjectType() | GraphQLInterfaceType():
            lines = {f"implements {each.name}" for each in kind.interfaces}
            for name, field in kind.fields.items():
                lines.add(f"{kind.name}.{name}: {field.type}")
                lines |= {
                    _line(f"{kind.name}.{name}", argument, of)
                    for argument, of in field.args.items()
                }
            return lines
    return set()


def _line(owner: str, name: str, value: GraphQLArgument | GraphQLInputField) -> str:
    assert value.ast_node is not None
    default = value.ast_node.default_value
    told = f" = {print_ast(default)}" if default else ""
    return f"{owner}.{name}: {value.type}{told}"


def added(lines: set[str]) -> set[str]:
    return {
        line
        for line in lines
        if ADDED_TO_CONNECTIONS.fullmatch(line)
        or any(line.startswith((f"{n}:", f"{n}.")) for n in ADDED_FIELDS)
    }


def test_the_schema_has_exactly_the_types_of_the_contract() -> None:
    assert of_our_own(BUILT.type_map) == of_our_own(CONTRACT.type_map) | ADDED_TYPES


@pytest.mark.parametrize("name", sorted(of_our_own(CONTRACT.type_map)))
def test_a_type_is_as_the_contract_has_it(name: str) -> None:
    built, promise = BUILT.type_map[name], CONTRACT.type_map[name]
    assert type(built) is type(promise)
    assert described(built) - added(described(built)) == described(promise)
