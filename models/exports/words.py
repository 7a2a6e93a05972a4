"""What actions and reasons are called in a sheet."""

from models.rules.deadlines import ReleaseReason
from models.texts.text import Text

ACTIONS = {
    "CREATED": Text("Created"),
    "UPDATED": Text("Changed"),
    "MOVED": Text("Moved to another pool"),
    "CLAIMED": Text("Claimed"),
    "ASSIGNED": Text("Assigned"),
    "TRANSFERRED": Text("Transferred"),
    "FOLLOWED_UP": Text("Follow-up"),
    "WON": Text("Signed"),
    "LOCKED": Text("Locked"),
    "UNLOCKED": Text("Unlocked"),
    "EXTENDED": Text("Extended"),
    "REMINDED": Text("Reminded"),
    "RELEASED": Text("Released"),
    "KEY_RELEASED": Text("Former key released"),
    "MERGED": Text("Merged"),
    "ERASED": Text("Erased"),
    "COMMENTED": Text("Commented"),
}
REASONS = {
    ReleaseReason.NOT_FOLLOWED_UP: Text("No follow-up in time"),
    ReleaseReason.NO_DEAL: Text("No deal in time"),
    ReleaseReason.MAX_HOLD: Text("Longest hold ended"),
    ReleaseReason.CONTRACT_ENDED: Text("Contract ended"),
    ReleaseReason.GIVEN_BACK: Text("Given back"),
    ReleaseReason.TRANSFERRED: Text("Transferred"),
    ReleaseReason.MEMBER_LEFT: Text("Owner left"),
    ReleaseReason.MERGED: Text("Merged"),
    ReleaseReason.ERASED: Text("Erased"),
}
