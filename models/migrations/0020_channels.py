"""Channels: where alerts go besides the inbox, and the messages that went there.

`channel_reader` is how far the ledger was read for all channels. Runs while the release before
this one serves: that release knows nothing of channels.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.ledger.actions import NAMES, in_sql
from models.migrations._online import online

CHANNEL = """
CREATE TABLE IF NOT EXISTS channel (
  id uuid NOT NULL DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  member_id uuid,
  kind text NOT NULL,
  url text,
  secret text,
  language text NOT NULL,
  kinds text[],
  pool_ids uuid[],
  quiet_from text,
  quiet_to text,
  digest_seconds integer NOT NULL,
  read_txid xid8 NOT NULL,
  read_seq bigint NOT NULL,
  heard_txid xid8 NOT NULL,
  heard_seq bigint NOT NULL,
  next_at timestamptz,
  leased_until timestamptz,
  paced_at timestamptz NOT NULL DEFAULT now(),
  attempted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT channel_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT channel_member FOREIGN KEY (organization_id, member_id) REFERENCES member,
  CONSTRAINT channel_kind CHECK (kind IN ('WECOM', 'DINGTALK', 'FEISHU', 'SLACK', 'EMAIL')),
  CONSTRAINT channel_language CHECK (language IN ('en', 'zh')),
  CONSTRAINT channel_address CHECK ((kind = 'EMAIL') = (url IS NULL)),
  CONSTRAINT channel_mail CHECK (kind <> 'EMAIL' OR member_id IS NOT NULL),
  CONSTRAINT channel_quiet CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)),
  CONSTRAINT channel_digest CHECK (digest_seconds >= 0)
) WITH (fillfactor = 70)
"""
# Of a channel's pending messages the first goes first: see models/channels/turns.py.
DELIVERY = """
CREATE TABLE IF NOT EXISTS channel_delivery (
  id uuid NOT NULL DEFAULT uuidv7(),
  organization_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  greeting boolean NOT NULL DEFAULT false,
  alerts integer NOT NULL,
  from_txid xid8 NOT NULL,
  from_seq bigint NOT NULL,
  upto_txid xid8 NOT NULL,
  upto_seq bigint NOT NULL,
  status text NOT NULL DEFAULT 'PENDING',
  by_hand boolean NOT NULL DEFAULT false,
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  began_at timestamptz NOT NULL DEFAULT now(),
  attempted_at timestamptz,
  next_at timestamptz DEFAULT now(),
  ended_at timestamptz,
  response_status integer,
  problem jsonb,
  CONSTRAINT channel_delivery_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT channel_delivery_channel FOREIGN KEY (organization_id, channel_id)
    REFERENCES channel (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT channel_delivery_status CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
  CONSTRAINT channel_delivery_pending CHECK ((status = 'PENDING') = (ended_at IS NULL)),
  CONSTRAINT channel_delivery_next CHECK ((status = 'PENDING') = (next_at IS NOT NULL))
) WITH (fillfactor = 70)
"""
READER = """
CREATE TABLE IF NOT EXISTS channel_reader (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  txid xid8 NOT NULL,
  seq bigint NOT NULL
)
"""
AT_START = "INSERT INTO channel_reader (txid, seq) VALUES ('0', 0) ON CONFLICT DO NOTHING"
INDEXES = {
    "channel_of_member": "ON channel (organization_id, member_id)",
    "channel_due": "ON channel (next_at) WHERE next_at IS NOT NULL",
    "channel_delivery_first": """ON channel_delivery
      (organization_id, channel_id, created_at) WHERE status = 'PENDING'""",
    "channel_delivery_list": """ON channel_delivery
      (organization_id, channel_id, created_at, id)""",
    "channel_delivery_ended": "ON channel_delivery (ended_at) WHERE ended_at IS NOT NULL",
    # What may alert somebody of an organization: no claim writes it. A later action is in it too.
    "event_telling": """ON event (organization_id, txid, seq) WHERE action NOT IN
      ('CREATED', 'UPDATED', 'CLAIMED', 'FOLLOWED_UP', 'WON', 'ALERTS_READ', 'ANSWERED')""",
}
ACTIONS = f"CHECK (action IN {in_sql(NAMES)})"


async def channels(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        for statement in (CHANNEL, DELIVERY, READER, AT_START):
            await database.briefly(statement)
        for name, definition in INDEXES.items():
            await database.build_index(name, definition)
        await database.replace_check("event", "event_action", ACTIONS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0019_department_tree")]
    operations = [operations.RunPython(channels, atomic=False)]
