"""Faults that pass: PostgreSQL is away or busy, or somebody else holds a row for too long."""

import asyncpg
from tortoise.exceptions import BaseORMException


class Unavailable(Exception):
    """What the request needs is in use by somebody else: it can be repeated."""


SOON, LATER = 1, 5
# The statement is undone.
IN_USE = (
    Unavailable,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
AWAY = (
    OSError,
    asyncpg.InterfaceError,
    # "Another operation is in progress": the server has just ended this idle connection.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.PostgresIOError,
    # It was the primary, or its disk is full: another one is, or will be.
    asyncpg.ReadOnlySQLTransactionError,
)


def retry_after(fault: BaseException) -> int | None:
    """Return in how many seconds the request may be repeated; None if that would not help."""
    if isinstance(_cause(fault), (*IN_USE, TimeoutError)):
        return SOON
    return LATER if is_away(fault) else None


def took_too_long(fault: BaseException) -> bool:
    """Whether the answer did not come in time, or PostgreSQL ended the statement for that."""
    return isinstance(_cause(fault), (TimeoutError, asyncpg.QueryCanceledError))


def is_away(fault: BaseException) -> bool:
    """Whether the server did not answer in time or at all: what it was asked may be done."""
    cause = _cause(fault)
    # It lets nobody in. What is in use is of a class below this one.
    if type(cause) is asyncpg.ObjectNotInPrerequisiteStateError:
        return True
    # A value that asyncpg can't encode is a ValueError too.
    return isinstance(cause, AWAY) and not isinstance(cause, ValueError)


def _cause(fault: BaseException) -> BaseException:
    """Tortoise wraps some of asyncpg's errors."""
    wrapped = fault.__cause__ if isinstance(fault, BaseORMException) else None
    return wrapped or fault
