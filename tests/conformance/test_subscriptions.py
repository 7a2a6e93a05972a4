"""hypothesis-graphql over all subscriptions: nothing breaks them, and each event is valid."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import graphql
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis_graphql import queries

from models.customers import csv_import
from models.imports import stored
from models.ledger import feed
from models.ownership import claims, transfers
from models.tables import Pool
from models.viewers import Viewer
from tests.conformance import hostile
from tests.conformance.validity import answered_well, with_typenames
from tests.support.asking import gid
from tests.support.event_streams import streaming
from tests.support.running import Client, Process
from tests.support.samples import Office, seal_of

EXAMPLES = 12
AGAIN_SECONDS = 0.3
STEADY = settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Scene:
    """An organization in which something happens that every subscription tells."""

    def __init__(self, office: Office, pool: Pool, people: tuple[Viewer, Viewer], id: UUID) -> None:
        self.office = office
        self.pool = pool
        self.people = people
        self.customer = id
        self.times = 0

    async def happen(self) -> None:
        """A transfer alerts both people; a new customer opens to the pool."""
        admin, to = await self.office.admin(), self.people[self.times % 2]
        self.times += 1
        await transfers.transfer(admin, self.customer, to.id)
        await csv_import.import_customers(admin, self.pool.id, f"name\n新客户{self.times}")


async def test_no_subscription_breaks_and_each_event_is_valid(
    office: Office, api_process: Process, subtests: pytest.Subtests
) -> None:
    pool = await office.pool()
    people = await office.person(role="ADMIN"), await office.person()
    customer = await office.customer(pool)
    await claims.claim(people[1], [customer])
    scene = Scene(office, pool, people, customer)
    after = await feed.format_cursor(await feed.head(), await seal_of(office.id))
    sheet = await stored.upload(people[0], b"name\nA")
    ids = [gid("Pool", pool.id), gid("Sheet", sheet.id)]
    api, loop = api_process.client, asyncio.get_running_loop()
    types = await introspected(api, people[0])
    root = types.subscription_type
    assert root
    as_queries = graphql.GraphQLSchema(query=root, types=types.type_map.values())
    outcomes: Counter[bool] = Counter()
    for name in root.fields:
        documents = queries(as_queries, fields=[name], custom_scalars=hostile.scalars(ids, after))

        @STEADY
        @given(text=documents)
        def none_breaks(text: str) -> None:
            document = with_typenames(f"subscription {text}")
            telling = first_event(api, people[0], document, scene)
            said = asyncio.run_coroutine_threadsafe(telling, loop).result()
            outcomes[answered_well(types, document, said)] += 1

        with subtests.test(name):
            await asyncio.to_thread(none_breaks)
    assert outcomes[True] >= EXAMPLES
    assert "unexpected fault" not in api_process.output()


async def introspected(api: Client, who: Viewer) -> graphql.GraphQLSchema:
    shown = await api.graphql(who.member, graphql.get_introspection_query())
    return graphql.build_client_schema(shown["data"])


async def first_event(
    api: Client, who: Viewer, document: graphql.DocumentNode, scene: Scene
) -> dict[str, Any]:
    """The first answer of a stream; what it may wait for happens until it comes."""
    async with streaming(api, who.member, graphql.print_ast(document)) as events:
        assert events.answer.status_code == 200
        telling = asyncio.ensure_future(events.event())
        try:
            while not (await asyncio.wait([telling], timeout=AGAIN_SECONDS))[0]:
                await scene.happen()
            name, said = telling.result()
        finally:
            telling.cancel()
    assert name == "next", (name, said)
    return dict(said)
