"""The result of an attempt: the message arrived, is tried again later, or is given up."""

from models import database
from models.channels.taking import Taken, give_back
from models.tables import ChannelDelivery
from models.texts.text import Text
from models.webhooks.answers import Answer
from models.webhooks.settling import Patience, settle_sql, store

# A greeting is tried once: whoever sent it looks at it now.
SETTLE = settle_sql("channel_delivery", "d.status", once="greeting")
PACE = """
UPDATE channel SET paced_at = now() + digest_seconds * interval '1 second'
WHERE organization_id = $1 AND id = $2
"""
# The member has left: nothing goes out any more, and nothing is kept for a return.
CLOSE = """
WITH ended AS (
  UPDATE channel_delivery d SET status = 'FAILED', ended_at = now(), next_at = NULL, problem = $4
  FROM channel c WHERE c.organization_id = $1 AND c.id = $2 AND c.leased_until = $3
    AND d.organization_id = c.organization_id AND d.channel_id = c.id AND d.status = 'PENDING'
)
UPDATE channel SET leased_until = NULL, next_at = NULL,
  read_txid = greatest(read_txid, heard_txid),
  read_seq = CASE WHEN (heard_txid, heard_seq) > (read_txid, read_seq) THEN heard_seq
    ELSE read_seq END
WHERE organization_id = $1 AND id = $2 AND leased_until = $3
"""
LEFT = Text("the member has left the organization")


async def settle(
    taken: Taken, delivery: ChannelDelivery, answer: Answer, patience: Patience
) -> None:
    """Store the result of an attempt, and give the channel back.

    After another worker took the message it changes nothing.
    """
    attempt = (delivery.organization_id, delivery.id, delivery.attempts)
    async with database.transaction():
        settled = await store(SETTLE, attempt, answer, patience)
        if not delivery.greeting and any(row["status"] == "DELIVERED" for row in settled):
            await database.rows(PACE, *taken.key)
        await give_back(taken, taken.now)


async def close(taken: Taken) -> None:
    """End all that is pending for a member who has left."""
    await database.rows(CLOSE, *taken.lease, Answer(None, LEFT).problem_json)
