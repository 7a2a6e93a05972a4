"""The plan of `manage.py distribute`: of small catalogues, and of the schema as it is."""

import pglast
import pytest

from models import database as databases
from models.sharding.catalog import Catalog, ForeignKey, Index, read_catalog
from models.sharding.plan import CannotDistribute, plan_of
from tests.support.samples import connection
from tests.tenancy.levels import KEYS

# By what a trigger does, Citus calls it unsafe; it runs on the machine of its row.
TRIGGERS = {
    "customer_marker_after": "writes its row again",
    "customer_stale_keys_after": "writes its row again",
    "event_append_only": "refuses",
    "event_text_kept": "refuses",
    "event_text_stays": "refuses",
    "event_text_moves": "writes event_text, of the same organization",
    "member_department": "reads department, of the same organization",
}


# An alarm finds its customer by it, as it does not know the organization.
FOR_JOBS = "SELECT indexdef FROM pg_indexes WHERE indexname = 'customer_former_id'"


@pytest.fixture
async def catalog(database: None) -> Catalog:
    async with connection() as opened:
        return await read_catalog(opened)


async def test_each_table_of_an_organization_is_distributed_and_no_other(catalog: Catalog) -> None:
    plan = plan_of(catalog)
    assert plan.tables == KEYS
    assert plan.local == ["channel_reader", "heartbeat", "tortoise_migrations"]


async def test_what_a_foreign_key_points_at_comes_first(catalog: Catalog) -> None:
    plan = plan_of(catalog)
    order = list(plan.tables)
    assert order[0] == "organization"
    late = {key.name for key in catalog.foreign if order.index(key.target) > order.index(key.table)}
    assert late == {key.name for key in plan.circular} == {"member_department"}


async def test_only_the_index_for_jobs_is_no_longer_unique(catalog: Catalog) -> None:
    assert [index.name for index in plan_of(catalog).repeated] == ["customer_former_id"]


async def test_all_but_the_calls_of_citus_runs_and_leaves_the_keys_as_they_are(
    catalog: Catalog,
) -> None:
    plan = plan_of(catalog)
    async with connection() as opened, opened.transaction():
        for statement in plan.statements():
            if "create_distributed_table" not in statement:
                await opened.execute(statement)
        after = await read_catalog(opened)
        found = await opened.fetchval(FOR_JOBS)
    assert after.foreign == catalog.foreign
    assert [each for each in catalog.unique if each not in after.unique] == plan.repeated
    assert plan_of(after).repeated == []
    assert found.startswith("CREATE INDEX customer_former_id ON")


async def test_its_statements_are_sql_one_call_for_each_table(catalog: Catalog) -> None:
    statements = plan_of(catalog).statements()
    for statement in statements:
        pglast.parse_sql(statement)
    calls = [each for each in statements if "create_distributed_table" in each]
    assert calls[0] == "SELECT create_distributed_table('organization', 'id')"
    assert (
        "SELECT create_distributed_table('seat', 'organization_id',"
        " colocate_with => 'organization')" in calls
    )
    assert len(calls) == len(KEYS)


async def test_the_triggers_that_run_on_the_machine_of_a_row_are_these(database: None) -> None:
    rows = await databases.rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    assert {row["tgname"] for row in rows} == TRIGGERS.keys()


TABLES = {"organization": "id", "a": "organization_id", "b": "organization_id", "local": None}


def small(unique: list[Index] | None = None, foreign: list[ForeignKey] | None = None) -> Catalog:
    return Catalog(TABLES, unique or [], foreign or [])


def foreign_key(table: str, target: str, *columns: str) -> ForeignKey:
    return ForeignKey(f"{table}_{target}", table, target, "FOREIGN KEY …", list(columns))


OF_ONE = ("organization_id=organization_id", "b_id=id")


def test_what_is_distributed_is_left_out() -> None:
    circle = [foreign_key("a", "b", *OF_ONE), foreign_key("b", "a", *OF_ONE)]
    plan = plan_of(small(foreign=circle), ["organization", "a"])
    assert plan.tables == {"b": "organization_id"}
    assert plan.circular == []
    assert plan_of(small(), ["organization", "a", "b"]).tables == {}


def test_of_a_circle_one_foreign_key_waits() -> None:
    circle = [foreign_key("a", "b", *OF_ONE), foreign_key("b", "a", *OF_ONE)]
    plan = plan_of(small(foreign=[*circle, foreign_key("a", "a", *OF_ONE)]))
    assert list(plan.tables) == ["organization", "a", "b"]
    assert plan.circular == circle[:1]
    assert plan.lines()[-1] == "local: stays on the coordinator"


@pytest.mark.parametrize(
    "key",
    [
        foreign_key("a", "b", "b_id=id"),
        foreign_key("a", "b", "organization_id=id"),
        foreign_key("a", "local", *OF_ONE),
        foreign_key("local", "a", *OF_ONE),
    ],
)
def test_a_foreign_key_without_the_organization_is_refused(key: ForeignKey) -> None:
    with pytest.raises(CannotDistribute, match=f"^{key.name} of {key.table} does not name"):
        plan_of(small(foreign=[key]))


def test_a_unique_constraint_without_the_organization_is_refused() -> None:
    index = Index("a", "a_once", "CREATE UNIQUE INDEX …", True, ["id"])
    with pytest.raises(CannotDistribute, match=r"^a_once of a does not name the org"):
        plan_of(small([index]))
