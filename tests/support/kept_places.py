"""For tests that take all connections of a pool."""

from models import database
from models.database.connections.places import KEPT_PART


def go_first_for_the_rest(taken: int, size: int) -> None:
    """When all usual places are taken, those are left that are kept."""
    if taken == size - size // KEPT_PART:
        database.go_first()
