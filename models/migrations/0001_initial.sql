-- What a search compares: compatibility forms folded, case folded, spaces gone.
CREATE FUNCTION searchable(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(regexp_replace(normalize(value, NFKC), '\s', '', 'g'));

-- Single characters and pairs of neighbours. pg_trgm needs three, and most Chinese words have two.
CREATE FUNCTION grams(value text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
  SELECT signs || ARRAY(
    SELECT signs[n] || signs[n + 1] FROM generate_series(1, cardinality(signs) - 1) AS n)
  FROM (SELECT string_to_array(searchable(value), NULL) AS signs OFFSET 0) AS folded
);

CREATE TABLE organization (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL CHECK (name <> ''),
  time_zone text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE department (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  name text NOT NULL CHECK (name <> ''),
  CONSTRAINT department_of UNIQUE (organization_id, id),
  CONSTRAINT department_name UNIQUE (organization_id, name)
);

CREATE TABLE member (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  department_id uuid,
  name text NOT NULL CHECK (name <> ''),
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('SALES', 'MANAGER', 'ADMIN')),
  active boolean NOT NULL DEFAULT true,
  CONSTRAINT member_of UNIQUE (organization_id, id),
  CONSTRAINT member_department FOREIGN KEY (organization_id, department_id)
    REFERENCES department (organization_id, id)
);
CREATE UNIQUE INDEX member_email ON member (organization_id, lower(email));
CREATE INDEX member_by_name ON member (organization_id, (name COLLATE "C"), id);

CREATE TABLE pool (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  name text NOT NULL CHECK (name <> ''),
  rules jsonb NOT NULL,
  rules_version integer NOT NULL DEFAULT 1 CHECK (rules_version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pool_of UNIQUE (organization_id, id),
  CONSTRAINT pool_name UNIQUE (organization_id, name)
);

-- Every version that a pool's rules ever had.
CREATE TABLE pool_rules (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  version integer NOT NULL,
  rules jsonb NOT NULL,
  actor_id uuid,
  at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pool_rules_version UNIQUE (pool_id, version),
  CONSTRAINT pool_rules_pool FOREIGN KEY (organization_id, pool_id)
    REFERENCES pool (organization_id, id),
  CONSTRAINT pool_rules_actor FOREIGN KEY (organization_id, actor_id)
    REFERENCES member (organization_id, id)
);

-- Whom a pool is open to: a member or a department; administrators are members.
CREATE TABLE pool_access (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  member_id uuid,
  department_id uuid,
  administers boolean NOT NULL DEFAULT false,
  CONSTRAINT pool_access_one CHECK (num_nonnulls(member_id, department_id) = 1),
  CONSTRAINT pool_access_administrator CHECK (NOT administers OR member_id IS NOT NULL),
  CONSTRAINT pool_access_once UNIQUE NULLS NOT DISTINCT
    (pool_id, member_id, department_id, administers),
  CONSTRAINT pool_access_pool FOREIGN KEY (organization_id, pool_id)
    REFERENCES pool (organization_id, id),
  CONSTRAINT pool_access_member FOREIGN KEY (organization_id, member_id)
    REFERENCES member (organization_id, id),
  CONSTRAINT pool_access_department FOREIGN KEY (organization_id, department_id)
    REFERENCES department (organization_id, id)
);
CREATE INDEX pool_access_by_member ON pool_access (member_id);
CREATE INDEX pool_access_by_department ON pool_access (department_id);

-- A member's place in a pool: the lock and the count that every claim stands on.
CREATE TABLE seat (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  member_id uuid NOT NULL,
  held integer NOT NULL DEFAULT 0,
  won integer NOT NULL DEFAULT 0,
  claimed_on date,
  claimed_today integer NOT NULL DEFAULT 0,
  CONSTRAINT seat_counts CHECK (held >= 0 AND won BETWEEN 0 AND held AND claimed_today >= 0),
  CONSTRAINT seat_once UNIQUE (pool_id, member_id),
  CONSTRAINT seat_pool FOREIGN KEY (organization_id, pool_id)
    REFERENCES pool (organization_id, id),
  CONSTRAINT seat_member FOREIGN KEY (organization_id, member_id)
    REFERENCES member (organization_id, id)
) WITH (fillfactor = 70);
CREATE INDEX seat_by_member ON seat (member_id);

CREATE TABLE customer (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  pool_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  level text,
  person text,
  phone text,
  email text,
  registration_number text,
  name_key text NOT NULL,
  phone_key text,
  email_key text,
  registration_key text,
  search_name text NOT NULL GENERATED ALWAYS AS (searchable(name)) STORED,
  name_grams text[] NOT NULL GENERATED ALWAYS AS (grams(name)) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  entered_at timestamptz NOT NULL DEFAULT now(),
  opened_at timestamptz DEFAULT now(),
  owner_id uuid,
  epoch integer NOT NULL DEFAULT 0 CHECK (epoch >= 0),
  claimed_at timestamptz,
  followed_up_at timestamptz,
  won_at timestamptz,
  locked_at timestamptz,
  extended_to timestamptz,
  rules_version integer,
  release_at timestamptz,
  release_reason text CHECK (release_reason IN ('NOT_FOLLOWED_UP', 'NO_DEAL', 'MAX_HOLD')),
  remind_at timestamptz[] NOT NULL DEFAULT '{}',
  remind_offsets text[] NOT NULL DEFAULT '{}',
  next_remind_at timestamptz GENERATED ALWAYS AS (remind_at[1]) STORED,
  CONSTRAINT customer_of UNIQUE (organization_id, id),
  CONSTRAINT customer_pool FOREIGN KEY (organization_id, pool_id)
    REFERENCES pool (organization_id, id),
  CONSTRAINT customer_owner FOREIGN KEY (organization_id, owner_id)
    REFERENCES member (organization_id, id),
  CONSTRAINT customer_name_key UNIQUE (organization_id, name_key),
  CONSTRAINT customer_phone_key UNIQUE (organization_id, phone_key),
  CONSTRAINT customer_email_key UNIQUE (organization_id, email_key),
  CONSTRAINT customer_registration_key UNIQUE (organization_id, registration_key),
  CONSTRAINT customer_held CHECK ((owner_id IS NULL) = (claimed_at IS NULL)),
  CONSTRAINT customer_open CHECK ((owner_id IS NULL) = (opened_at IS NOT NULL)),
  CONSTRAINT customer_ruled CHECK ((owner_id IS NULL) = (rules_version IS NULL)),
  CONSTRAINT customer_release_held CHECK (release_at IS NULL OR owner_id IS NOT NULL),
  CONSTRAINT customer_release_why CHECK ((release_at IS NULL) = (release_reason IS NULL)),
  CONSTRAINT customer_reminders CHECK (
    cardinality(remind_at) = cardinality(remind_offsets)
    AND (release_at IS NOT NULL OR remind_at = '{}')),
  CONSTRAINT customer_work_held CHECK (
    owner_id IS NOT NULL OR num_nonnulls(followed_up_at, won_at, locked_at, extended_to) = 0)
) WITH (fillfactor = 80);
CREATE INDEX customer_pooled ON customer (pool_id, opened_at, id) WHERE owner_id IS NULL;
CREATE INDEX customer_pooled_by_name ON customer (pool_id, (name COLLATE "C"), id)
  WHERE owner_id IS NULL;
CREATE INDEX customer_held_by ON customer (owner_id, pool_id) WHERE owner_id IS NOT NULL;
CREATE INDEX customer_due ON customer (release_at) WHERE release_at IS NOT NULL;
CREATE INDEX customer_remind ON customer (next_remind_at) WHERE next_remind_at IS NOT NULL;
CREATE INDEX customer_ruled_by ON customer (pool_id, rules_version) WHERE owner_id IS NOT NULL;
CREATE INDEX customer_search ON customer USING gin (name_grams);
-- So that the planner knows rare pairs from frequent ones: 71 ms became 2 for a rare one.
ALTER TABLE customer ALTER COLUMN name_grams SET STATISTICS 1000;

-- The ledger: history, audit trail, outbox, feed, alert inbox and idempotency record in one.
CREATE TABLE event (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  customer_id uuid,
  epoch integer,
  action text NOT NULL,
  actor_id uuid,
  member_id uuid,
  former_id uuid,
  reason text,
  release_reason text,
  pool_id uuid,
  due_at timestamptz,
  at timestamptz NOT NULL DEFAULT now(),
  idempotency_key text,
  details jsonb NOT NULL DEFAULT '{}',
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq bigint GENERATED ALWAYS AS IDENTITY,
  CONSTRAINT event_of_customer CHECK ((customer_id IS NULL) = (epoch IS NULL)),
  CONSTRAINT event_customer FOREIGN KEY (organization_id, customer_id)
    REFERENCES customer (organization_id, id),
  CONSTRAINT event_actor FOREIGN KEY (organization_id, actor_id)
    REFERENCES member (organization_id, id),
  CONSTRAINT event_member FOREIGN KEY (organization_id, member_id)
    REFERENCES member (organization_id, id),
  CONSTRAINT event_former FOREIGN KEY (organization_id, former_id)
    REFERENCES member (organization_id, id),
  CONSTRAINT event_pool FOREIGN KEY (organization_id, pool_id)
    REFERENCES pool (organization_id, id)
);
CREATE INDEX event_feed ON event (txid, seq);
CREATE INDEX event_history ON event (customer_id, seq) WHERE customer_id IS NOT NULL;
CREATE INDEX event_follow_ups ON event (customer_id, seq) WHERE action = 'FOLLOWED_UP';
CREATE INDEX event_lost ON event (customer_id, former_id, at) WHERE former_id IS NOT NULL;
CREATE INDEX event_alerts ON event (member_id, txid, seq)
  WHERE action IN ('REMINDED', 'RELEASED', 'ASSIGNED', 'TRANSFERRED');
CREATE INDEX event_alerts_former ON event (former_id, txid, seq) WHERE action = 'TRANSFERRED';
CREATE INDEX event_alerts_read ON event (member_id, txid, seq) WHERE action = 'ALERTS_READ';
CREATE INDEX event_pool_changes ON event (pool_id, txid, seq)
  WHERE action IN ('CREATED', 'MOVED', 'CLAIMED', 'ASSIGNED', 'RELEASED');
CREATE UNIQUE INDEX event_once_an_ownership ON event (customer_id, epoch, action)
  WHERE action IN ('CREATED', 'CLAIMED', 'ASSIGNED', 'TRANSFERRED', 'RELEASED');
CREATE UNIQUE INDEX event_one_reminder ON event (customer_id, epoch, due_at, (details ->> 'offset'))
  WHERE action = 'REMINDED';
CREATE UNIQUE INDEX event_one_answer ON event (organization_id, actor_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;

CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only();

-- The last sign of life of each worker, for /readyz.
CREATE UNLOGGED TABLE heartbeat (
  worker text PRIMARY KEY,
  at timestamptz NOT NULL
);
