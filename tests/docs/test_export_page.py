"""Every example of docs/export.md runs as it stands."""

from tests.docs.pages import Page
from tests.support.asking import ask, gid
from tests.support.running import Client
from tests.support.samples import found

EXAMPLES = Page("docs/export.md").examples


def test_every_example_is_run() -> None:
    assert Page("docs/export.md").not_run_by(__file__) == set()


async def test_the_examples_answer(api: Client) -> None:
    office = await found()
    pool, li, admin = await office.pool(), await office.person(), await office.admin()
    await office.customers(pool, 2)
    ready = await ask(api, li, EXAMPLES["exportPool"], pool=gid("Pool", pool.id))
    assert (ready["__typename"], ready["rows"]) == ("SheetReady", 2)
    saved = await ask(api, admin, EXAMPLES["limit"])
    assert saved["organization"] == {"exportLimit": 200}
