"""Deliveries for an admin: list them, and retry one."""

from uuid import UUID

from models import database
from models.paging import Listing, Order, Page, Query, Window, read_pages
from models.tables import Webhook, WebhookDelivery
from models.viewers import Viewer, find_one
from models.webhooks.webhooks import check_admin

LATEST = Listing("deliveries", "webhook_delivery", "c.*", Order("c.seq", "bigint", descending=True))
AGAIN = """
UPDATE webhook_delivery SET again = again OR status <> 'PENDING', status = 'PENDING',
  began_at = now(), next_at = now(), ended_at = NULL
WHERE organization_id = $1 AND id = $2 AND (status <> 'PENDING' OR next_at IS NOT NULL)
"""


async def send_again(viewer: Viewer, id: UUID | None) -> WebhookDelivery:
    """Retry now, ahead of the queue, for another 24 h. A queued delivery is left alone."""
    check_admin(viewer)
    delivery = await find_one(viewer, WebhookDelivery, id)
    await database.rows(AGAIN, viewer.organization.id, delivery.id)
    return await find_one(viewer, WebhookDelivery, delivery.id)


async def of_webhook(
    viewer: Viewer, webhook: Webhook, *, window: Window, failed_only: bool
) -> Page[WebhookDelivery]:
    """Newest event first; with `failed_only`, those whose last attempt failed."""
    check_admin(viewer)
    query = Query(viewer.organization.id, webhook.id)
    parents = "(SELECT $2::uuid AS id, 1 AS n) AS parent"
    where = "c.webhook_id = parent.id"
    if failed_only:
        where += " AND c.problem IS NOT NULL"
    found = await read_pages(query, LATEST, parents, where, window, viewer.seal)
    return found.page(0, WebhookDelivery)
