"""Channels of alerts, of the organization and of a member."""

from playwright.async_api import Locator, Page, expect

from models.channels.quiet_hours import QuietHours, quiet_hours
from models.tables import Channel
from tests.support.browsing import Console, violations
from tests.support.samples import Office, until


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


async def test_a_channel_of_the_organization_is_tried_and_sends_again(
    console: Console, office: Office
) -> None:
    page = await console.open(office.founder, "/admin/channels")
    channels = card(page, "Channels of the organization")
    await channels.get_by_role("button", name="Add a channel").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("To where").select_option("SLACK")
    await form.get_by_label("Address of the robot").fill("http://127.0.0.1/robot")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("must be")).to_be_visible()
    # Nobody listens under .invalid, ever: each attempt fails.
    await form.get_by_label("Address of the robot").fill("https://robots.invalid/services/T0")
    await form.get_by_role("checkbox", name="Released soon").check()
    await form.get_by_label("Quiet from").fill("22:00")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("give both ends of the quiet hours, or neither")
    await form.get_by_label("Quiet until").fill("07:30")
    assert await violations(page) == []
    await form.get_by_role("button", name="Save").click()
    channel = channels.get_by_role("article", name="Slack · https://robots.invalid/…s/T0")
    await expect(channel).to_contain_text("Released soon · a message at most every 5 minutes")
    await expect(channel).to_contain_text("quiet from 22:00 to 07:30")
    await channel.get_by_role("button", name="Send a greeting").click()
    message = channel.get_by_role("listitem").first

    async def failed() -> bool:
        await channel.get_by_role("button", name="Reload").click()
        return "Failed" in await message.inner_text()

    await until(failed, seconds=40)
    assert await violations(page) == []
    await message.get_by_role("button", name="Send again").click()
    await expect(page.get_by_text("It is sent again now.")).to_be_visible()
    await channel.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(channels).to_contain_text("No channel yet.")
    hours = card(page, "Quiet hours of all channels")
    await hours.get_by_label("Quiet from").fill("21:00")
    await hours.get_by_label("Quiet until").fill("08:00")
    await hours.get_by_role("button", name="Save").click()
    # While it is sent, the button is disabled too.
    await expect(page.get_by_text("The quiet hours are saved.")).to_be_visible()
    assert await quiet_hours(await office.admin()) == QuietHours("21:00", "08:00")


async def test_a_member_keeps_an_own_channel_whose_key_is_never_shown_again(
    console: Console, office: Office
) -> None:
    me = await office.person("王芳")
    path = f"/member/Member_{me.id.hex}"
    page = await console.open(me, path, language="zh-CN", width=390, theme="dark")
    channels = card(page, "通知渠道")
    await channels.get_by_role("button", name="添加渠道").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("发送到").select_option("钉钉")
    await form.get_by_label("机器人地址").fill("https://robots.invalid/robot/send?access_token=0")
    await form.get_by_label("签名密钥").fill("SEC0123")
    await form.get_by_label("最多每隔多久一条消息").select_option("PT1H")
    await form.get_by_role("button", name="保存").click()
    channel = channels.get_by_role("article", name="钉钉")
    await expect(channel).to_contain_text("全部提醒 · 每 1小时最多一条消息 · 已签名")
    await channel.get_by_role("button", name="编辑").click()
    await expect(form.get_by_label("签名密钥")).to_have_value("")
    await form.get_by_role("checkbox", name="不再签名").check()
    await form.get_by_role("checkbox", name="批注").check()
    assert await violations(page) == []
    await form.get_by_role("button", name="保存").click()
    await expect(channel).to_contain_text("批注")
    await expect(channel).not_to_contain_text("已签名")
    saved = await Channel.get(member_id=me.id)
    assert (saved.kinds, saved.secret, saved.digest_seconds) == (["COMMENTED"], None, 3600)
    assert saved.url == "https://robots.invalid/robot/send?access_token=0"
