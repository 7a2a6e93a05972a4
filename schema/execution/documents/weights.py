"""What a field costs beside its answer: 1 is what a plain field costs, some microseconds."""

LIST = 10
COUNT = 250
# A value of an argument.
VALUE = 3
SEARCH = 500
MUTATION = 250
ADMINISTRATION = 1_000

# By type and field; by field alone where every type's costs the same.
FIELDS = {
    "totalCount": COUNT,
    "unread": COUNT,
    "claimable": 5,
    "Pool.atRisk": COUNT,
    "Query.duplicates": 1_000,
    "Query.previewRules": 10_000,
    "Query.adviseCapacity": 2_500,
    "Query.poolReport": 5_000,
    "Query.previewImport": 10_000,
    "RulesPreview.examples": 10,
    "RulesVersion.rules": 50,
    **dict.fromkeys(
        (
            "Mutation.confirmDeal",
            "Mutation.decideExtension",
            "Mutation.deleteChannel",
            "Mutation.deleteWebhook",
            "Mutation.eraseCustomer",
            "Mutation.mergeCustomers",
            "Mutation.reactivateMember",
            "Mutation.releaseDuplicateKey",
            "Mutation.resendChannelDelivery",
            "Mutation.resendDelivery",
            "Mutation.saveChannel",
            "Mutation.saveDepartment",
            "Mutation.saveMember",
            "Mutation.saveWebhook",
            "Mutation.setDuplicateKeys",
            "Mutation.setExportLimit",
            "Mutation.setLookupLimit",
            "Mutation.setQuietHours",
            "Mutation.testChannel",
        ),
        ADMINISTRATION,
    ),
    **dict.fromkeys(
        (
            "Mutation.cancelAbsence",
            "Mutation.createPool",
            "Mutation.deactivateMember",
            "Mutation.exportHistory",
            "Mutation.exportPool",
            "Mutation.exportPoolReport",
            "Mutation.exportPrivatePool",
            "Mutation.handOver",
            "Mutation.moveCustomers",
            "Mutation.pingWebhook",
            "Mutation.setAbsence",
            "Mutation.setPoolAccess",
            "Mutation.undoReleases",
            "Mutation.updatePoolRules",
        ),
        5_000,
    ),
    "Mutation.exportCustomer": 5_000,
    "Mutation.exportMember": 5_000,
    "Mutation.importCustomers": 20_000,
    "Mutation.importSheet": 20_000,
    "Mutation.setCalendar": 20_000,
}
# By argument, where it is given.
ARGUMENTS = {"search": SEARCH}
# By field: what each value in its arguments costs beside VALUE. A claim of many takes a place.
VALUES = {"claimCustomers": 40, "assignCustomers": 40}


def weight_of(kind: str, field: str) -> int:
    """Return what the field costs by itself; without the fields inside."""
    usual = MUTATION if kind == "Mutation" else 1
    return FIELDS.get(f"{kind}.{field}") or FIELDS.get(field) or usual
