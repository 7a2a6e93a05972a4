"""The examples of docs/channels.md run as they stand."""

from settings import Settings
from tests.docs.pages import Page
from tests.support.channels import sending
from tests.support.robots import robots
from tests.support.running import Client
from tests.support.samples import found

EXAMPLES = Page("docs/channels.md").examples


async def test_a_channel_is_made_tried_and_looked_at(api: Client, settings: Settings) -> None:
    office = await found()
    li = (await office.person("李雷")).member
    url = "https://1.1.1.1/cgi-bin/webhook/send?key=0123456789abcdef"
    made = (await api.data(li, EXAMPLES["MakeChannel"], url=url, key="k1"))["saveChannel"]
    assert made["channel"]["address"] == "https://1.1.1.1/…cdef"
    async with robots() as robot, sending(settings) as steps:
        await steps.lead_to(robot.url("WECOM"))
        tried = await api.data(li, EXAMPLES["TryChannel"], id=made["channel"]["id"])
        assert tried["testChannel"]["delivery"]["status"] == "PENDING"
        await steps.send()
        assert robot.texts == ["**Seapool**\n\n李雷 的提醒会发到这里。"]
    (channel,) = (await api.data(li, EXAMPLES["MyChannels"]))["viewer"]["channels"]
    (greeting,) = channel["deliveries"]["nodes"]
    assert (greeting["greeting"], greeting["status"]) == (True, "DELIVERED")


def test_every_example_is_run() -> None:
    assert Page("docs/channels.md").not_run_by(__file__) == set()
