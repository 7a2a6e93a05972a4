"""Pages that tests use one after another.

A renderer that has shown the console before shows it for two thirds of the CPU: it keeps the code
compiled. Each test loads a new document, in a profile without cookies and without storage.
"""

import contextlib
from collections import defaultdict
from collections.abc import Hashable

from playwright.async_api import Error as PageError
from playwright.async_api import Page

# Of this origin too, so that its renderer stays; it runs nothing.
NOWHERE = "/livez"
# The tab's own; the origin's cookies and storage go by `Storage.clearDataForOrigin`.
FORGET = "() => { window.name = ''; }"


class KeptPages:
    """Lends each page to one test at a time; `look` is all that its profile was made with."""

    def __init__(self) -> None:
        self._free: dict[Hashable, list[Page]] = defaultdict(list)

    def lend(self, look: Hashable) -> Page | None:
        """A page of a test before, if one of this look is free."""
        return self._free[look].pop() if self._free[look] else None

    async def take_back(self, look: Hashable, page: Page, url: str) -> None:
        """Keep the page, without what the test left; one that can't be emptied is closed."""
        try:
            await self._empty(page, url)
        except PageError:
            with contextlib.suppress(PageError):
                await page.context.close()
        else:
            self._free[look].append(page)

    async def close(self) -> None:
        for pages in self._free.values():
            for page in pages:
                await page.context.close()

    async def _empty(self, page: Page, url: str) -> None:
        for other in page.context.pages:
            if other is not page:
                await other.close()
        await page.goto(f"{url}{NOWHERE}")
        await page.evaluate(FORGET)
        session = await page.context.new_cdp_session(page)
        everything = {"origin": url, "storageTypes": "all"}
        await session.send("Storage.clearDataForOrigin", everything)
        await session.detach()
