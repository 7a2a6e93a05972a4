"""The message of an alert for the member who reads it."""

from uuid import UUID

from models.alerts.inbox import Alert
from models.rules.deadlines import ReleaseReason
from models.tables import Customer
from models.texts.text import Text

TO_BE_RELEASED = {
    ReleaseReason.NOT_FOLLOWED_UP: "{customer} will be released at {at}: no follow-up by then.",
    ReleaseReason.NO_DEAL: "{customer} will be released at {at}: no deal by then.",
    ReleaseReason.MAX_HOLD: "{customer} will be released at {at}: the longest hold ends.",
    ReleaseReason.CONTRACT_ENDED: "{customer} will be released at {at}: its contract ends.",
}
OFF = "{customer} is no longer due to be released at {at}."
RELEASED = {
    ReleaseReason.NOT_FOLLOWED_UP: "{customer} was released: no follow-up in time.",
    ReleaseReason.NO_DEAL: "{customer} was released: no deal in time.",
    ReleaseReason.MAX_HOLD: "{customer} was released: the longest hold ended.",
    ReleaseReason.CONTRACT_ENDED: "{customer} was released: its contract ended.",
    ReleaseReason.GIVEN_BACK: "{customer} was given back to the pool.",
    ReleaseReason.TRANSFERRED: "{customer} was transferred to a colleague.",
    # By the name of the kept one, which its reader may hold.
    ReleaseReason.MERGED: "A customer that you held was merged into {customer}.",
    ReleaseReason.ERASED: "The data of a customer that you held was erased.",
    ReleaseReason.MEMBER_LEFT: "{customer} was released: its owner left.",
}
AT_RISK = "{customer} will be released at {at}."
MORE_AT_RISK = "{count} customers will be released soon, first {customer} at {at}."
COMMENTED = "A comment on {customer}: {text}"
TEXT_IS_GONE = "There was a comment on {customer}."
MISSED = "{news} Its reminder could not be sent in time."
OTHERS = {
    "ASSIGNED": "{customer} was assigned to you.",
    "TRANSFERRED": "{customer} was transferred to you.",
    "EXTENDED": "{customer} has an extension: it was approved.",
    "EXTENSION_DECLINED": "{customer} has no extension: it was declined.",
    "DEAL_CONFIRMED": "The deal with {customer} was confirmed.",
    "DEAL_DECLINED": "The deal with {customer} was declined.",
}


def words(alert: Alert, customer: Customer, reader_id: UUID) -> str:
    action = alert.event.action
    if action == "REMINDED":
        return _reminder(alert, customer)
    if action == "RELEASED":
        reason = ReleaseReason(alert.event.release_reason or ReleaseReason.GIVEN_BACK)
        news = Text(RELEASED[reason], customer=customer.name)
        return Text(MISSED, news=news) if alert.event.details.get("missed_reminders") else news
    if action == "TRANSFERRED" and alert.event.member_id != reader_id:
        return Text(RELEASED[ReleaseReason.TRANSFERRED], customer=customer.name)
    if action == "ESCALATED":
        count = alert.event.details["count"]
        template = AT_RISK if count == 1 else MORE_AT_RISK
        return Text(template, count=count, customer=customer.name, at=alert.event.due_at)
    if action == "COMMENTED":
        text = alert.event.reason
        template = COMMENTED if text else TEXT_IS_GONE
        return Text(template, customer=customer.name, text=text)
    return Text(OTHERS[action], customer=customer.name)


def _reminder(alert: Alert, customer: Customer) -> str:
    """By the customer's present deadline, like the alert's releaseAt."""
    if customer.id != alert.event.customer_id:
        return Text(RELEASED[ReleaseReason.MERGED], customer=customer.name)
    if alert.is_of_present_hold(customer) and customer.release_at and customer.release_reason:
        reason = ReleaseReason(customer.release_reason)
        return Text(TO_BE_RELEASED[reason], customer=customer.name, at=customer.release_at)
    return Text(OFF, customer=customer.name, at=alert.event.due_at)
