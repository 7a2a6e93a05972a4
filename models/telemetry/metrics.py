"""The Prometheus metrics of API and worker; those of the API alone are in schema/base/metrics.py.

Names follow Prometheus: base units, `_seconds`, `_total`. Each label has few values, known here.
"""

from prometheus_client import Gauge, Histogram

LATE_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
WORK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

release_lateness = Histogram(
    "seapool_release_lateness_seconds",
    "From the deadline of a customer to the commit of its release by rule.",
    buckets=LATE_SECONDS,
)
reminder_lateness = Histogram(
    "seapool_reminder_lateness_seconds",
    "From the time of a reminder to its commit.",
    buckets=LATE_SECONDS,
)
overdue = Gauge(
    "seapool_overdue_seconds",
    "For how long the longest due release or reminder has been due; 0 if none is.",
    ["what"],
)
worker_heartbeat = Gauge(
    "seapool_worker_heartbeat_age_seconds", "Age of the newest heartbeat of any worker."
)
queue_jobs = Gauge("seapool_queue_jobs", "Jobs in the queue, by whether they are due.", ["state"])
feed_lag = Gauge(
    "seapool_feed_lag_seconds",
    "Age of the oldest event that a reader of the ledger has not read; 0 if it has read all.",
    ["reader"],
)
deliveries = Gauge(
    "seapool_deliveries_due", "Deliveries that are due and that no worker has taken.", ["to"]
)
delivery_lateness = Gauge(
    "seapool_delivery_lateness_seconds",
    "For how long the longest due delivery has been due; 0 if none is.",
    ["to"],
)
delivery_attempts = Histogram(
    "seapool_delivery_attempt_seconds",
    "Attempts to deliver, by receiver and outcome: done, failed.",
    ["to", "outcome"],
    buckets=WORK_SECONDS,
)
jobs = Histogram(
    "seapool_job_seconds",
    "Jobs by name and outcome: done, again (it rang too early), failed.",
    ["job", "outcome"],
    buckets=WORK_SECONDS,
)
dependency_up = Gauge(
    "seapool_dependency_up", "Whether PostgreSQL and Valkey answer this process.", ["dependency"]
)
connections = Gauge(
    "seapool_database_connections",
    "Database connections of this process, by state: used, idle.",
    ["state"],
)
most_connections = Gauge(
    "seapool_database_connections_max", "How many database connections this process may have."
)
connection_waiters = Gauge(
    "seapool_database_connection_waiters", "Statements that wait for a database connection."
)
connection_waits = Histogram(
    "seapool_database_connection_wait_seconds",
    "Waits for a database connection, of the statements that had to wait.",
    buckets=WORK_SECONDS,
)
loop_lag = Histogram(
    "seapool_event_loop_lag_seconds",
    "By how much the event loop wakes up late.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)

# What has not happened yet is 0, not missing: an alert would not see the first time.
for job in ("release_customer", "remind_owner"):
    for outcome in ("done", "again", "failed"):
        jobs.labels(job, outcome)
for to in ("webhooks", "channels"):
    for outcome in ("done", "failed"):
        delivery_attempts.labels(to, outcome)
