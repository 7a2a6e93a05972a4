"""A plan answers documents in every form as graphql-core does."""

from typing import Any

import pytest
import pytest_asyncio
from graphql import parse, validate
from hypothesis import HealthCheck, assume, event, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from schema.execution.schema import schema
from schema.execution.slicing import SlicingExecutor
from settings import Settings
from tests.schema.execution.plans.both import Asked, assert_equal
from tests.schema.execution.plans.drawn import Drawn
from tests.schema.execution.plans.filled import Filled, filled


@pytest_asyncio.fixture
async def own(database: None, settings: Settings) -> Filled:
    return await filled(settings)


# The examples share the office: they only read.
@examples(max_examples=60, suppress_health_check=[*HealthCheck])
@given(data=st.data(), role=st.sampled_from(["SALES", "ADMIN"]))
@pytest.mark.timeout(180)
async def test_what_is_drawn_is_answered_alike(own: Filled, data: Any, role: str) -> None:
    text = Drawn(data.draw, own.ids).document()
    document = parse(text)
    assume(not validate(schema._schema, document))
    asked = Asked(schema._schema, document, context=lambda: own.context(role))
    assert asked.has_plan(), text
    result = await assert_equal(asked, SlicingExecutor)
    event("errors" if result.errors else "none")
