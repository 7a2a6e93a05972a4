"""A page whose subscriptions are asked for late: after what a test does meanwhile."""

from playwright.async_api import Page

from models.database.seal import Seal

HOLD = """
{
  const send = WebSocket.prototype.send;
  const held = [];
  let open = false;
  WebSocket.prototype.send = function (text) {
    if (open || JSON.parse(text).type !== "subscribe") send.call(this, text);
    else held.push([this, text]);
  };
  window.subscribeNow = (after) => {
    open = true;
    for (const [socket, text] of held.splice(0)) {
      const message = JSON.parse(text);
      if (after) message.payload.variables.after = after;
      send.call(socket, JSON.stringify(message));
    }
  };
}
"""
# Well formed, and signed by nobody that this database knows.
FOREIGN = Seal(b"another database's").close("other:1:1")


async def hold_subscriptions(page: Page) -> None:
    """From the next document on, none is asked for before `subscribe_now`."""
    await page.add_init_script(HOLD)


async def subscribe_now(page: Page, after: str | None = None) -> None:
    """Ask for those that wait, and at once for later ones; `after` takes the place of theirs."""
    await page.evaluate("after => subscribeNow(after)", after)
