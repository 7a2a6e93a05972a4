"""Which statements rightly serve all organizations, and of which table they start.

All names of this test's statements are here: "module.NAME" of a constant, or "module.function" of
a statement that a function puts together. Every other table of a statement is tied to the first.
"""

# Statement: the tables that it reads of all organizations, as the analysis names them; and why.
EVERYWHERE = {
    "models.releases.DUE": (["picked: customer c"], "the drain releases what is due"),
    "models.releases.LEFT": (["member m"], "the sweep looks for leavers who still hold"),
    "models.reminders.REMIND": (["due: customer c"], "reminders are due everywhere"),
    "models.reminders.SOON": (["customer customer"], "the sweep arms what is due soon"),
    "models.reevaluation.DUE": (["customer c"], "what is due is evaluated before its release"),
    "models.reevaluation.STALE": (["q: pool p"], "the sweep looks for pools with newer rules"),
    "models.feed.HEAD": (["newest: event event"], "the feed is one for all"),
    "models.feed.SETTLED": (["event event"], "the feed is read once for all who listen"),
    "models.deliveries.PLACES": (["webhook webhook"], "the ledger is read on for all webhooks"),
    "models.deliveries.AT_PLACE": (["webhook webhook"], "those that stand at one place move on"),
    "models.deliveries.MOVE": (["webhook webhook"], "those that stand at one place move on"),
    "models.deliveries.TAKE": (["free: webhook w"], "a worker posts for whoever's turn it is"),
    "models.deliveries.FORGET": (
        ["webhook_delivery webhook_delivery"],
        "old deliveries are forgotten by their age",
    ),
    "models.replay.CUSTOMERS": (["customer c"], "the ledger is verified for all at once"),
    "models.replay.EVENTS": (["event e"], "the ledger is verified for all at once"),
    "models.replay.SEATS": (["seat seat"], "the ledger is verified for all at once"),
    "models.demo.THERE": (["organization organization"], "the demo is known by its name"),
    "models.demo.WHO_IS_THERE": (["member m"], "the demo's people are known by their addresses"),
}
# Texts with a hole, and who fills it: what comes of them is looked at in their place.
TEMPLATES = {
    "models.alerts.OWN": "INBOX and UNREAD",
    "models.demo.INSERT": "rows that carry their organization",
    "models.keyset.PAGE": "every list that is paged through",
    "models.releases.RELEASE": "DUE, CHOSEN and LEAVERS",
    "models.undoing.RELEASED": "OF_CUSTOMER and OF_VERSION",
}
# Pieces of statements that are no statement by themselves; what a function makes of them is.
PIECES = {"models.pages.LEFT_BEHIND"}
