"""Who gave a customer its level: an owner's level moves no release later."""

from models.customers.fields import Fields
from models.tables import Customer
from models.viewers import Viewer


def whose_level(viewer: Viewer, customer: Customer, changed: Fields) -> tuple[bool, str | None]:
    """Return level_by_owner and granted_level. The level counts in full of an administrator
    and of who leads the owner.

    An owner who is no administrator changes neither what an administrator granted nor, by a level
    that stays the same, whose level it is.
    """
    if "level" in changed and viewer.decides(customer):
        return False, None
    if customer.level_by_owner or changed.get("level", customer.level) == customer.level:
        return customer.level_by_owner, customer.granted_level
    return True, customer.level


def level_of(customer: Customer) -> tuple[str | None, bool, str | None]:
    return customer.level, customer.level_by_owner, customer.granted_level
