-- Where an organization wants its events posted, and up to where the ledger was read for it.
CREATE TABLE webhook (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  url text NOT NULL CHECK (url <> ''),
  secret text NOT NULL CHECK (secret LIKE 'whsec\_%'),
  read_txid xid8 NOT NULL,
  read_seq bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT webhook_of UNIQUE (organization_id, id),
  CONSTRAINT webhook_url UNIQUE (organization_id, url)
);

-- One event on its way to one URL. Of a customer's pending events only the first has a next_at:
-- the others wait their turn. What is sent again by hand waits for nobody, and nobody for it.
-- No key to event: nothing is ever deleted from the ledger.
CREATE TABLE webhook_delivery (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  event_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  seq bigint NOT NULL,
  status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
  again boolean NOT NULL DEFAULT false,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  began_at timestamptz,
  attempted_at timestamptz,
  next_at timestamptz,
  ended_at timestamptz,
  response_status integer,
  problem jsonb,
  CONSTRAINT webhook_delivery_once UNIQUE (webhook_id, event_id),
  CONSTRAINT webhook_delivery_webhook FOREIGN KEY (organization_id, webhook_id)
    REFERENCES webhook (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT webhook_delivery_customer FOREIGN KEY (organization_id, customer_id)
    REFERENCES customer (organization_id, id),
  CONSTRAINT webhook_delivery_pending CHECK ((status = 'PENDING') = (ended_at IS NULL)),
  CONSTRAINT webhook_delivery_next CHECK (next_at IS NULL OR status = 'PENDING'),
  CONSTRAINT webhook_delivery_turn CHECK (next_at IS NULL OR began_at IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, next_at)
  WHERE next_at IS NOT NULL;
CREATE INDEX webhook_delivery_turns ON webhook_delivery (webhook_id, customer_id, seq)
  WHERE status = 'PENDING' AND NOT again;
CREATE INDEX webhook_delivery_list ON webhook_delivery (webhook_id, seq, id);
CREATE INDEX webhook_delivery_troubled ON webhook_delivery (webhook_id, seq, id)
  WHERE problem IS NOT NULL;
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;
