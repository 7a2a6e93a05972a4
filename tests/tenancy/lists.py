"""Which statements rightly serve all organizations, and of which table they start.

All names of this test's statements are here: "module.NAME" of a constant, or "module.function" of
a statement that a function puts together. Every other table of a statement is tied to the first.
"""

# Statement: the tables that it reads of all organizations, as the analysis names them; and why.
EVERYWHERE = {
    "models.database.cluster.BEHIND": (
        ["event event"],
        "a restored ledger goes on behind its newest event",
    ),
    "models.ownership.drain.DUE": (["picked: customer c"], "the drain releases what is due"),
    "models.ownership.leavers.LEFT": (["member m"], "the sweep looks for leavers who still hold"),
    "models.distribution.waiting.DEALING": (
        ["pool p"],
        "a worker looks for pools that deal their customers out",
    ),
    "models.holding.reminders.REMIND": (["due: customer c"], "reminders are due everywhere"),
    "models.holding.absences.CHANGED": (
        ["member member"],
        "the sweep looks for members whose absences have changed",
    ),
    "models.holding.alarms.STILL_HELD": (
        ["customer c"],
        "an alarm names its customer by id alone",
    ),
    "models.holding.alarms.ORGANIZATION_OF": (
        ["customer customer"],
        "an alarm names its customer by id alone",
    ),
    "models.holding.alarms.DUE": (
        ["customer customer"],
        "a worker looks for the organizations with due alarms",
    ),
    "models.holding.alarms.SOON": (
        ["customer c", "soon: customer customer"],
        "the sweep arms what is due soon",
    ),
    "models.holding.reevaluation.DUE": (
        ["customer c"],
        "what is due is evaluated before its release",
    ),
    "models.holding.reevaluation.BEHIND": (
        ["pool p"],
        "the sweep looks for pools with newer rules",
    ),
    "models.pools.escalation.DUE": (
        ["pool p"],
        "the sweep looks for organizations whose morning has come",
    ),
    "models.ledger.feed.HEAD": (["newest: event event"], "the feed is one for all"),
    "models.ledger.feed.AFTER": (["event event"], "the feed is read once for all who listen"),
    "models.webhooks.outbox.CURSORS": (
        ["webhook webhook"],
        "the ledger is read on for all webhooks",
    ),
    "models.webhooks.outbox.AT_CURSOR": (
        ["webhook webhook"],
        "webhooks at one cursor move on together",
    ),
    "models.webhooks.outbox.MOVE": (["webhook webhook"], "webhooks at one cursor move on together"),
    "models.webhooks.attempts.TAKE": (["free: webhook w"], "a worker posts for every organization"),
    "models.webhooks.attempts.ORGANIZATIONS_DUE": (
        ["webhook w"],
        "a worker looks for the organizations with due deliveries",
    ),
    "models.webhooks.outbox.FORGET": (
        ["webhook_delivery webhook_delivery"],
        "old deliveries are forgotten by their age",
    ),
    "models.channels.ringing.ANY": (
        ["channel channel"],
        "the ledger is read on if anybody has a channel",
    ),
    "models.channels.ringing.FORGET": (
        ["channel_delivery channel_delivery"],
        "old messages are forgotten by their age",
    ),
    "models.channels.taking.TAKE": (
        ["waiting: channel c"],
        "a worker sends for every organization",
    ),
    "models.channels.taking.ORGANIZATIONS_DUE": (
        ["channel channel"],
        "a worker looks for the organizations with due channels",
    ),
    "models.imports.stored.FORGET": (
        ["sheet sheet"],
        "old sheets are forgotten by their age",
    ),
    "models.ledger.replay_reads.ORGANIZATIONS": (
        ["organization o"],
        "a replay goes through all organizations, one after another",
    ),
    "models.organizations.members.BY_EMAIL": (
        ["member m"],
        "a command names a member by email alone",
    ),
    "models.duplicates.backlog.WITHOUT_KEYS": (
        ["customer customer"],
        "the worker looks for what customers still lack",
    ),
    "models.erasure.moving.NEXT_WITH_TEXTS": (
        ["event event"],
        "the worker looks for texts that the release before wrote",
    ),
    "models.erasure.moving.NEXT_WITH_REQUESTS": (
        ["event event"],
        "the worker looks for requests that 0.2 stored",
    ),
    "models.watch.backlogs.OVERDUE_RELEASE": (["customer c"], "releases are due everywhere"),
    "models.watch.backlogs.OVERDUE_REMINDER": (["customer c"], "reminders are due everywhere"),
    "models.watch.backlogs.DUE_WEBHOOKS": (["webhook w"], "a worker posts for every organization"),
    "models.watch.backlogs.DUE_CHANNELS": (
        ["due: channel channel"],
        "a worker sends for every organization",
    ),
    "models.watch.backlogs.UNREAD": (["event event"], "the feed is one for all"),
    "models.watch.backlogs.WEBHOOKS_READ": (
        ["webhook webhook"],
        "the ledger is read on for all webhooks",
    ),
    "models.watch.backlogs.CHANNELS_READ": (
        ["channel channel"],
        "the ledger is read on if anybody has a channel",
    ),
    "models.demo.THERE": (["organization organization"], "the demo is known by its name"),
    "models.demo.WHO_IS_THERE": (["member m"], "the demo's people are known by their addresses"),
}
# What a worker writes or a process reads of several organizations at once, and why.
SEVERAL = {
    "models.taking.take_statement.TAKE": "claims that arrive together share a commit",
    "models.taking.take_statement.TAKE_FREE": "claims that arrive together share a commit",
    "models.organizations.presence.LEFT": "a process asks for many members together",
    "models.distribution.waiting.WAITING": "a worker looks at all pools that deal out",
    "models.channels.ringing.RING_MEMBERS": "one read of the ledger rings for all",
    "models.channels.ringing.RING_ORGANIZATIONS": "one read of the ledger rings for all",
    "models.webhooks.outbox.QUEUE": "one read of the ledger queues for all",
}
# Which of both lock rows, so that Citus refuses them; and what is sent in their place.
LOCKING = {
    "models.ownership.drain.DUE": "a worker with a share sends DUE_OF",
    "models.holding.reminders.REMIND": "a worker with a share sends REMIND_OF",
    "models.webhooks.attempts.TAKE": "a worker with a share sends TAKE_OF",
    "models.channels.taking.TAKE": "a worker with a share sends TAKE_OF",
    "models.taking.take_statement.TAKE": "once it is refused, each claim is made alone",
    "models.taking.take_statement.TAKE_FREE": "once it is refused, each claim is made alone",
    "models.webhooks.outbox.AT_CURSOR": "nothing: whoever reads the feed locks all its webhooks",
}
# What a worker with a share sends of them.
LOCKING_WITH_A_SHARE = {"models.webhooks.outbox.AT_CURSOR"}
# Texts with a hole, and who fills it: what comes of them is looked at in their place.
TEMPLATES = {
    "models.demo.INSERT": "rows that carry their organization",
}
# Pieces of statements that are no statement by themselves; what a function makes of them is.
PIECES = {
    "models.taking.candidates.COLUMNS",
    "models.taking.take_statement.TEXT",
    "models.lists.left_behind.LEFT_BEHIND",
    "models.lists.rules_versions.UNDONE_BY",
    "models.duplicates.backlog.READ",
}
