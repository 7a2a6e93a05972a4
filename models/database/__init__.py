"""PostgreSQL: open it, ask it, change it in a transaction."""

from models.database.cancellation import end_if_cancelled
from models.database.connection import cluster, connected, credentials, migrate, name
from models.database.connections.places import ask_for_all, asking, go_first
from models.database.door import as_model, models, rows_by_id
from models.database.faults import Unavailable, is_away, retry_after, took_too_long
from models.database.locks import Lock, advisory_lock, take_turn, try_turn, wait_for
from models.database.planner import tell_planner
from models.database.replica import records_of_standby, rows_report, rows_search
from models.database.session import LONG_READ_SECONDS
from models.database.snapshot import Snapshot, snapshot
from models.database.statements import (
    LONGEST_SECONDS,
    copy,
    records,
    rows,
    rows_custom_plan,
    rows_however_long,
    rows_long_read,
    skip_locked,
    slices,
)
from models.database.transactions import (
    PATIENCE_SECONDS,
    StaleRead,
    after_commit,
    attempts,
    inside_transaction,
    transaction,
    with_retries,
)
from models.database.usage import usage

__all__ = [
    "LONGEST_SECONDS",
    "LONG_READ_SECONDS",
    "PATIENCE_SECONDS",
    "Lock",
    "Snapshot",
    "StaleRead",
    "Unavailable",
    "advisory_lock",
    "after_commit",
    "as_model",
    "ask_for_all",
    "asking",
    "attempts",
    "cluster",
    "connected",
    "copy",
    "credentials",
    "end_if_cancelled",
    "go_first",
    "inside_transaction",
    "is_away",
    "migrate",
    "models",
    "name",
    "records",
    "records_of_standby",
    "retry_after",
    "rows",
    "rows_by_id",
    "rows_custom_plan",
    "rows_however_long",
    "rows_long_read",
    "rows_report",
    "rows_search",
    "skip_locked",
    "slices",
    "snapshot",
    "take_turn",
    "tell_planner",
    "took_too_long",
    "transaction",
    "try_turn",
    "usage",
    "wait_for",
    "with_retries",
]
