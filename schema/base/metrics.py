"""What /metrics tells."""

from prometheus_client import Counter, Gauge, Histogram

operations = Histogram(
    "seapool_operation_seconds",
    "GraphQL operations by kind and outcome: done, refused, faulty.",
    ["kind", "outcome"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
mutations = Counter(
    "seapool_mutations", "Mutations by the type that they answered.", ["mutation", "outcome"]
)
subscribers = Gauge("seapool_subscribers", "Subscriptions that are open.", ["subscription"])
connections = Gauge("seapool_connections", "Websockets that are open.")
