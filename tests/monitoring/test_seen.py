"""What API and worker show of a claim, its release and its delivery: metrics, lines, traces."""

import asyncio
import contextlib
import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.docs.pages import Page
from tests.monitoring.conftest import HEADERS, SPAN, TRACE, Samples, Service
from tests.monitoring.queries import expressions, groupings, selections
from tests.support.collector import Seen
from tests.support.samples import until
from tests.support.sockets import let_in

# A constant, or a verb and its table.
STATEMENT = re.compile(r"([a-z_]+\.)+[A-Z_]+|(SELECT|INSERT|UPDATE|DELETE) [a-z_]+|[A-Z]+")
EXPRESSIONS = list(expressions())
COMMANDS = Page("docs/runbook.md").blocks("sh")


def value(found: Samples, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


async def test_an_operation_of_the_manifest_is_counted_by_its_name(service: Service) -> None:
    found = service.scraped["api"]
    mine = {"kind": "mutation", "operation": "Claim", "outcome": "done"}
    assert value(found, "seapool_operation_seconds_count", **mine) == 1
    assert value(found, "seapool_mutations_total", mutation="claimCustomer", outcome="Claimed") == 1


async def test_the_worker_measures_how_late_it_was(service: Service) -> None:
    found = service.scraped["worker"]
    for what in ("release", "reminder"):
        assert value(found, f"seapool_{what}_lateness_seconds_count") == 1
        assert 0 < value(found, f"seapool_{what}_lateness_seconds_sum") < 2
    done = {"job": "release_customer", "outcome": "done"}
    assert value(found, "seapool_job_seconds_count", **done) >= 1
    attempts = {"to": "webhooks", "outcome": "done"}
    assert value(found, "seapool_delivery_attempt_seconds_count", **attempts) >= 2


async def test_both_say_what_is_left_to_do(service: Service) -> None:
    for job, found in service.scraped.items():
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
    assert claim["organization"] == str(service.seller.organization_id)
    assert claim["member"] == str(service.seller.id)
    assert claim["outcome"] == "Claimed"
    assert 0 < claim["milliseconds"] < 5000
    assert claim["level"] == "info"
    allowed = {"event", "level", "timestamp", "request_id"}
    allowed |= {"organization", "member", "operation", "outcome", "milliseconds"}
    assert {key for line in lines for key in line} == allowed


async def test_a_refused_request_says_so(service: Service) -> None:
    before = len(requests_of(service))
    answer = await service.api.client.post(service.seller, "query Other { viewer { id } }")
    assert answer.status_code == 400
    (line,) = requests_of(service)[before:]
    assert (line["operation"], line["outcome"]) == ("POST /graphql", "refused")


def requests_of(service: Service) -> list[dict[str, Any]]:
    lines = map(json.loads, service.api.output().splitlines())
    return [line for line in lines if line["event"] == "request"]


async def test_every_metric_of_rules_and_dashboard_is_shown(service: Service) -> None:
    assert len(EXPRESSIONS) > 40
    assert [problem for each in EXPRESSIONS for problem in problems(each, service)] == []


def problems(expression: str, service: Service) -> Iterator[str]:
    """What the expression names and no process shows."""
    labels: set[str] = set()
    every = [key for found in service.scraped.values() for key in found]
    for name, selected in selections(expression):
        shown = [dict(own) for each, own in every if each == name]
        fitting = [own for own in shown if own.items() >= selected.items()]
        labels |= {label for own in fitting for label in own}
        # Prometheus makes `up` itself.
        if not fitting and name != "up":
            yield f"{name} {selected}"
    if missing := groupings(expression) - labels:
        yield f"{missing} of {expression}"


async def test_the_commands_of_the_runbook_answer(service: Service) -> None:
    assert COMMANDS
    for block in COMMANDS:
        ran = await asyncio.create_subprocess_exec(
            "bash",
            "-euo",
            "pipefail",
            "-c",
            block,
            env=os.environ
            | {
                "PATH": f"{service.programs}:{os.environ['PATH']}",
                "API": service.api.url,
                "WORKER": service.worker_url,
                "SEAPOOL_DATABASE_URL": service.settings.database_url or "",
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, wrong = await ran.communicate()
        assert (ran.returncode, wrong.decode()) == (0, ""), block
        assert said.strip(), block


async def test_an_operation_continues_the_trace_of_its_client(service: Service) -> None:
    claim = await span_of(service, "mutation Claim")
    assert (claim.service, claim.kind) == ("seapool-api", "SPAN_KIND_SERVER")
    assert (claim.trace, claim.parent) == (TRACE, SPAN)
    assert claim.attributes == {
        "graphql.operation.type": "mutation",
        "graphql.operation.name": "Claim",
        "seapool.organization.id": str(service.seller.organization_id),
        "seapool.member.id": str(service.seller.id),
        "seapool.outcome": "Claimed",
    }


async def test_statements_have_the_names_of_their_constants(service: Service) -> None:
    claim = await span_of(service, "mutation Claim")
    await span_of(service, "taking.take_statement.TAKE_FREE_OF_ONE")
    below = service.collector.under(claim)
    (written,) = [each for each in below if each.name == "taking.take_statement.TAKE_FREE_OF_ONE"]
    assert written.kind == "SPAN_KIND_CLIENT"
    assert written.attributes["db.system.name"] == "postgresql"
    assert written.attributes["db.query.summary"] == written.name
    assert 0 < written.span.end_time_unix_nano - written.span.start_time_unix_nano < 5e9
    of_database = [each for each in service.collector.spans if "db.system.name" in each.attributes]
    assert [each.name for each in of_database if not STATEMENT.fullmatch(each.name)] == []


async def test_jobs_and_deliveries_are_linked_to_what_queued_them(service: Service) -> None:
    claim = await span_of(service, "mutation Claim")
    reminded = await span_of(service, "process remind_owner")
    assert (reminded.service, reminded.kind) == ("seapool-worker", "SPAN_KIND_CONSUMER")
    assert reminded.trace != claim.trace
    assert reminded.links == [(claim.trace, claim.id)]
    released = await span_of(service, "process release_customer")
    assert released.links == [(reminded.trace, reminded.id)]
    assert "ownership.drain.DUE" in {each.name for each in service.collector.under(released)}
    for each in (claim, reminded, released):
        assert await is_delivered(service, each)


@pytest.mark.parametrize("name", ["Register", "Call", "Pass", "Back"])
async def test_a_delivery_is_linked_to_the_operation_of_its_event(
    service: Service, name: str
) -> None:
    assert await is_delivered(service, await span_of(service, f"mutation {name}"))


async def test_a_query_by_an_event_stream_is_named_as_any_other(service: Service) -> None:
    before = len(service.collector.of("query Mine"))
    async with told_by_events(service, "mine") as lines:
        assert "privatePool" in "".join([line async for line in lines])
    mine = (await spans_of(service, "query Mine", before + 1))[-1]
    assert (mine.trace, mine.parent) == (TRACE, SPAN)
    assert mine.attributes["seapool.member.id"] == str(service.seller.id)
    assert mine.attributes["seapool.outcome"] == "done"


async def test_a_subscription_has_a_span_until_it_has_begun(service: Service) -> None:
    async with told_by_events(service, "alerts"):
        (by_events,) = await spans_of(service, "subscription Alerts", 1)
    async with let_in(service.api.client, service.seller) as socket:
        await socket.send(type="subscribe", id="1", payload={"documentId": "alerts"})
        _, by_socket = await spans_of(service, "subscription Alerts", 2)
    (request,) = [each for each in service.collector.spans if each.id == by_events.parent]
    assert (request.name, request.trace, request.parent) == ("POST /graphql", TRACE, SPAN)
    assert (by_events.trace, by_socket.parent) == (TRACE, "")
    for each in (by_events, by_socket):
        assert each.attributes == {
            "graphql.operation.type": "subscription",
            "graphql.operation.name": "Alerts",
            "seapool.organization.id": str(service.seller.organization_id),
            "seapool.member.id": str(service.seller.id),
            "seapool.outcome": "begun",
        }


async def test_a_query_of_a_websocket_has_a_trace_of_its_own(service: Service) -> None:
    before = len(service.collector.of("query Mine"))
    async with let_in(service.api.client, service.seller) as socket:
        await socket.send(type="subscribe", id="1", payload={"documentId": "mine"})
        assert [(await socket.message())["type"] for _ in range(2)] == ["next", "complete"]
    mine = (await spans_of(service, "query Mine", before + 1))[-1]
    assert (mine.parent, mine.kind) == ("", "SPAN_KIND_SERVER")
    assert mine.trace != TRACE
    assert service.collector.under(mine)


@contextlib.asynccontextmanager
async def told_by_events(service: Service, name: str) -> AsyncIterator[AsyncIterator[str]]:
    client = service.api.client
    headers = HEADERS | {"Authorization": f"Bearer {client.token(service.seller)}"}
    headers |= {"Accept": "text/event-stream"}
    body = {"documentId": name}
    post = client.http.stream("POST", client.graphql_url, json=body, headers=headers)
    async with post as answer:
        yield answer.aiter_lines()


async def is_delivered(service: Service, origin: Seen) -> bool:
    """Waits until a delivery is linked to it."""

    async def linked() -> bool:
        deliveries = service.collector.of("deliver to webhooks")
        return [(origin.trace, origin.id)] in [each.links for each in deliveries]

    return bool(await until(linked))


async def spans_of(service: Service, name: str, count: int) -> list[Seen]:
    async def found() -> list[Seen]:
        spans = service.collector.of(name)
        return spans if len(spans) >= count else []

    spans: list[Seen] = await until(found)
    return spans


async def span_of(service: Service, name: str) -> Seen:
    return (await spans_of(service, name, 1))[0]
