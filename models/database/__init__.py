"""PostgreSQL: open it, ask it, change it in a transaction."""

from models.database.connection import connected, credentials, migrate, name
from models.database.door import as_model, models
from models.database.locks import advisory_lock
from models.database.statements import rows, rows_custom_plan, slices
from models.database.transactions import (
    StaleRead,
    after_commit,
    inside_transaction,
    restart_transaction,
    transaction,
    with_retries,
)

__all__ = [
    "StaleRead",
    "advisory_lock",
    "after_commit",
    "as_model",
    "connected",
    "credentials",
    "inside_transaction",
    "migrate",
    "models",
    "name",
    "restart_transaction",
    "rows",
    "rows_custom_plan",
    "slices",
    "transaction",
    "with_retries",
]
