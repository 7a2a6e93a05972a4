"""What a loop or a job says of a fault that it outlives."""

import structlog

from models import database, sparing_log

log = structlog.get_logger()


def outlive(what: str, fault: Exception, **facts: object) -> bool:
    """Log the fault; return whether it passes, so that trying again helps.

    A fault that passes costs one line a second of a kind, without a traceback: PostgreSQL is away
    or busy, and says so in its own log. Raises CancelledError if the task is to end.
    """
    database.end_if_cancelled()
    passes = database.retry_after(fault) is not None
    if passes:
        sparing_log.warning(f"{what}: PostgreSQL is busy or away", fault=repr(fault), **facts)
    else:
        log.error(what, exc_info=fault, **facts)
    return passes
