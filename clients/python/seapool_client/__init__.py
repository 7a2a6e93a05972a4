"""A typed client of Seapool."""

from seapool_client.client import Client
from seapool_client.clock import ServerClock
from seapool_client.errors import (
    BadRequest,
    ConnectionLost,
    InternalError,
    InvalidValue,
    OverBudget,
    SeapoolError,
    SlowReader,
    TooManyLookups,
    TooManySubscriptions,
    Unauthenticated,
    Unavailable,
)
from seapool_client.following import Happened, Resync
from seapool_client.pages import rows
from seapool_client.queue import ClaimQueue, FileStorage, MemoryStorage, QueuedClaim, Replayed
from seapool_client.retries import is_passing

__all__ = [
    "BadRequest",
    "ClaimQueue",
    "Client",
    "ConnectionLost",
    "FileStorage",
    "Happened",
    "InternalError",
    "InvalidValue",
    "MemoryStorage",
    "OverBudget",
    "QueuedClaim",
    "Replayed",
    "Resync",
    "SeapoolError",
    "ServerClock",
    "SlowReader",
    "TooManyLookups",
    "TooManySubscriptions",
    "Unauthenticated",
    "Unavailable",
    "is_passing",
    "rows",
]
