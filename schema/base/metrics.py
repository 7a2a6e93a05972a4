"""The Prometheus metrics of the API."""

from prometheus_client import Counter, Gauge, Histogram

operations = Histogram(
    "seapool_operation_seconds",
    "GraphQL operations by kind, name (of trusted documents, else `other`) and outcome: done,"
    " refused, faulty.",
    ["kind", "operation", "outcome"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
mutations = Counter(
    "seapool_mutations", "Mutations by the type of their answer.", ["mutation", "outcome"]
)
subscribers = Gauge("seapool_subscribers", "Open subscriptions.", ["subscription"])
webhook_pings = Counter(
    "seapool_webhook_pings",
    "Pings of webhooks by outcome: done, failed (another status than 2xx), unanswered.",
    ["outcome"],
)
connections = Gauge("seapool_connections", "Open websockets.")

# What has not happened yet is 0, not missing: an alert would not see the first time.
for kind in ("query", "mutation"):
    for outcome in ("done", "refused", "faulty"):
        operations.labels(kind, "other", outcome)
for outcome in ("done", "failed", "unanswered"):
    webhook_pings.labels(outcome)
for subscription in ("releaseAlerts", "poolChanges", "importProgress"):
    subscribers.labels(subscription)
