"""The result of an attempt: the message arrived, is tried again later, or is given up."""

from dataclasses import dataclass
from datetime import timedelta

from models import database
from models.channels.taking import Taken, give_back
from models.tables import ChannelDelivery
from models.texts.text import Text
from models.webhooks import settling as webhook_settling
from models.webhooks.settling import Patience

# Each wait is as long as all those before it together, or as long as the receiver asks for. A
# greeting is tried once: whoever sent it looks at it now.
SETTLE = """
WITH tried AS MATERIALIZED (
  SELECT organization_id, id, began_at + $8::interval AS last_at, CASE
    WHEN $5::jsonb IS NULL THEN 'DELIVERED'
    WHEN greeting OR now() >= began_at + $8::interval THEN 'FAILED' ELSE 'PENDING' END AS status
  FROM channel_delivery
  WHERE organization_id = $1 AND id = $2 AND attempts = $3 AND status = 'PENDING' FOR UPDATE
)
UPDATE channel_delivery d SET status = t.status, response_status = $4, problem = $5,
  ended_at = CASE WHEN t.status <> 'PENDING' THEN now() END,
  next_at = CASE WHEN t.status = 'PENDING' THEN least(t.last_at,
    now() + greatest(least(greatest(now() - began_at, $6::interval), $7::interval), $9::interval))
    END
FROM tried t WHERE d.organization_id = $1 AND d.id = t.id
RETURNING d.status
"""
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
NO_WAIT = timedelta(0)


@dataclass(frozen=True, slots=True)
class Answer(webhook_settling.Answer):
    """`wait` is how long the receiver wants to be left alone, if it says so."""

    wait: timedelta = NO_WAIT


async def settle(
    taken: Taken, delivery: ChannelDelivery, answer: Answer, patience: Patience
) -> None:
    """Store the result of an attempt, and give the channel back.

    After another worker took the message it changes nothing.
    """
    attempt = (delivery.organization_id, delivery.id, delivery.attempts)
    waits = (patience.first, patience.longest, patience.gives_up_after, answer.wait)
    async with database.transaction():
        settled = await database.rows(SETTLE, *attempt, answer.status, answer.problem_json, *waits)
        if not delivery.greeting and any(row["status"] == "DELIVERED" for row in settled):
            await database.rows(PACE, *taken.key)
        await give_back(taken, taken.now)


async def close(taken: Taken) -> None:
    """End all that is pending for a member who has left."""
    await database.rows(CLOSE, *taken.lease, Answer(None, LEFT).problem_json)
