"""The settings of every session: how long it may wait, and when PostgreSQL gives its client up.

Our side of the connection gives the server up by the same rules.

A client that dies, or stands still, amid a transaction keeps its locks, and with them every feed:
an event is settled only when no older transaction is open. So each wait has an end.
"""

import socket
from typing import Any

# A wait for a lock; the request then tries again without a connection, see `Patience`.
LOCK_SECONDS = 1
STATEMENT_SECONDS = 7
# A client that stands still between two statements of its transaction.
IDLE_SECONDS = 5
# After so much silence the other side is asked whether it is there, and is given up.
SILENT_SECONDS, DEAD_SECONDS = 3, 6

SESSION = {
    # Planning a verb takes longer than running it. A search calls `rows_custom_plan`: its best
    # plan depends on its term.
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}
# Of a process that serves; a command or a script may run longer statements.
SERVING = {"statement_timeout": f"{STATEMENT_SECONDS}s"}
BOUNDS = {
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    # A client that has closed its connection, or whose machine is off, while a statement runs.
    "client_connection_check_interval": "1s",
    "tcp_keepalives_idle": f"{SILENT_SECONDS}",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": f"{DEAD_SECONDS}s",
}
# The same for a server whose machine is off, by their names: not every system has all of them.
OF_SERVER = {
    "TCP_KEEPIDLE": SILENT_SECONDS,
    "TCP_KEEPINTVL": 1,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 1000 * DEAD_SECONDS,
}
# A report, preview or advice reads the whole history of a pool: of a very large one, for longer.
LONG_READ_SECONDS = 60
LONG_READ = f"""
SELECT set_config('statement_timeout', '{LONG_READ_SECONDS}s', true),
  set_config('plan_cache_mode', 'force_custom_plan', true)
"""
# For work that reads or waits for longer, until the end of its transaction.
UNBOUNDED = """
SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true),
  set_config('idle_in_transaction_session_timeout', '0', true)
"""


def watch_server(connection: Any) -> None:
    """End the connection when its server is gone, also while a statement may take minutes."""
    own = connection._transport.get_extra_info("socket")
    if own is None or own.family == socket.AF_UNIX:
        return
    own.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in OF_SERVER.items():
        if option := getattr(socket, name, None):
            own.setsockopt(socket.IPPROTO_TCP, option, value)
