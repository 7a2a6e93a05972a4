"""What kinds of channels there are, and which alerts one has."""

from collections.abc import Collection
from enum import StrEnum

from models.ledger.actions import ALERTS


class ChannelKind(StrEnum):
    WECOM = "WECOM"
    DINGTALK = "DINGTALK"
    FEISHU = "FEISHU"
    SLACK = "SLACK"
    EMAIL = "EMAIL"


# Those whose robots check a signature by a key that both sides know.
SIGNED = (ChannelKind.DINGTALK, ChannelKind.FEISHU)


def actions_of(kinds: Collection[str] | None) -> list[str]:
    """The actions of alerts of these kinds; of all kinds, also later ones, for None."""
    return [each.name for each in ALERTS.values() if kinds is None or each.alert in kinds]
