"""What API and worker show of a claim, its release and its delivery: metrics and log lines."""

import json
from typing import Any

from prometheus_client.parser import text_string_to_metric_families as families

from tests.monitoring.conftest import Service
from tests.support.samples import until

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: str) -> Samples:
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value
        for family in families(text)
        for each in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found[name, tuple(sorted(labels.items()))]


async def test_an_operation_of_the_manifest_is_counted_by_its_name(service: Service) -> None:
    found = samples((await service.scraped())["api"])
    mine = {"kind": "mutation", "operation": "Claim", "outcome": "done"}
    assert value(found, "seapool_operation_seconds_count", **mine) == 1
    assert value(found, "seapool_mutations_total", mutation="claimCustomer", outcome="Claimed") == 1


async def test_the_worker_measures_how_late_it_was(service: Service) -> None:
    found = samples((await service.scraped())["worker"])
    for what in ("release", "reminder"):
        assert value(found, f"seapool_{what}_lateness_seconds_count") == 1
        assert 0 < value(found, f"seapool_{what}_lateness_seconds_sum") < 2
    done = {"job": "release_customer", "outcome": "done"}
    assert value(found, "seapool_job_seconds_count", **done) >= 1
    attempts = {"to": "webhooks", "outcome": "done"}
    assert value(found, "seapool_delivery_attempt_seconds_count", **attempts) >= 2


async def test_both_say_what_is_left_to_do(service: Service) -> None:
    async def has_looked() -> bool:
        texts = (await service.scraped()).values()
        return not any("_heartbeat_age_seconds +Inf" in text for text in texts)

    await until(has_looked)
    for job, text in (await service.scraped()).items():
        found = samples(text)
        assert value(found, "seapool_dependency_up", dependency="database") == 1, job
        assert value(found, "seapool_dependency_up", dependency="valkey") == 1
        assert value(found, "seapool_overdue_seconds", what="release") < 2
        assert value(found, "seapool_worker_heartbeat_age_seconds") < 15
        assert value(found, "seapool_deliveries_due", to="webhooks") <= 3
        assert value(found, "seapool_feed_lag_seconds", reader="webhooks") < 5
        assert value(found, "seapool_database_connections_max") == 20
        assert value(found, "seapool_event_loop_lag_seconds_count") > 0


async def test_each_request_has_a_line_without_personal_data(service: Service) -> None:
    lines = requests_of(service)
    (claim,) = [line for line in lines if line["operation"] == "mutation Claim"]
    assert claim["organization"] == str(service.office.id)
    assert claim["member"] == service.seller
    assert claim["outcome"] == "Claimed"
    assert 0 < claim["milliseconds"] < 5000
    assert claim["level"] == "info"
    allowed = {"event", "level", "timestamp", "request_id"}
    allowed |= {"organization", "member", "operation", "outcome", "milliseconds"}
    assert {key for line in lines for key in line} == allowed


async def test_a_refused_request_says_so(service: Service) -> None:
    member = (await service.office.viewer(service.office.founder.id)).member
    before = len(requests_of(service))
    answer = await service.api.client.post(member, "query Other { viewer { id } }")
    assert answer.status_code == 400
    (line,) = requests_of(service)[before:]
    assert (line["operation"], line["outcome"]) == ("POST /graphql", "refused")


def requests_of(service: Service) -> list[dict[str, Any]]:
    lines = map(json.loads, service.api.output().splitlines())
    return [line for line in lines if line["event"] == "request"]
