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
connections = Gauge("seapool_connections", "Open websockets.")
