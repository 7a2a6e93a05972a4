"""Texts about a customer leave the ledger for rows of their own, so that they can be erased.

`event_text` has what people wrote of a customer, by the id of its event: the reason, and the parts
of `details` that are text. The ledger stays append-only, with two exceptions that lose nothing: a
text may move into its row of `event_text`, and a request that 0.2 stored may become its digest. The
database deletes texts of erased customers alone, and never changes one.

An erased customer lies in no pool and is held by nobody; `erased_from` is the pool that it was in.

Runs while the release before this one serves. That release still writes texts into events, and
reads those of events alone. Until its processes are replaced it shows no text that this one wrote
or moved; the worker moves what it writes, by the indexes event_texts_left and event_requests_left.
Erase customers after that: it knows neither the action ERASED nor customers without a pool. The
next release drops the indexes.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.erasure.moving import REQUEST, TEXTUAL, move_all
from models.ledger.actions import NAMES, in_sql
from models.migrations._online import online

# The table comes last of the two.
PRESENT = "SELECT to_regclass('event_text')"
TABLE = """
CREATE TABLE IF NOT EXISTS event_text (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  customer_id uuid NOT NULL,
  reason text,
  details jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT event_text_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT event_text_some CHECK (reason IS NOT NULL OR details <> '{}'),
  CONSTRAINT event_text_customer FOREIGN KEY (organization_id, customer_id) REFERENCES customer
)
"""
OF_CUSTOMER = "ON event_text (organization_id, customer_id)"
COLUMNS = """
ALTER TABLE customer
  ADD COLUMN IF NOT EXISTS erased_at timestamptz,
  ADD COLUMN IF NOT EXISTS erased_from uuid
"""
CONSTRAINTS = {
    "customer_erased": "CHECK ((erased_at IS NULL) = (erased_from IS NULL))",
    "customer_erased_unowned": "CHECK (erased_at IS NULL OR owner_id IS NULL)",
    "customer_erased_from": "FOREIGN KEY (organization_id, erased_from) REFERENCES pool",
    "customer_pooled_or_gone": (
        "CHECK ((merged_into IS NULL AND erased_at IS NULL) = (pool_id IS NOT NULL))"
    ),
}
# The one that customer_pooled_or_gone replaces.
FORMER = "customer_merged"
ACTIONS = f"CHECK (action IN {in_sql(NAMES)})"
LEFT = {"event_texts_left": TEXTUAL, "event_requests_left": REQUEST}
# With its text over it, the event must be what it was; what changes nothing is refused too.
MOVES = """
CREATE OR REPLACE FUNCTION event_text_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told event := NEW;
  kept event_text;
BEGIN
  IF OLD.action = 'ANSWERED' AND jsonb_typeof(OLD.details -> 'request') = 'array'
    AND NEW.details ->> 'request' ~ '^[0-9a-f]{64}$'
  THEN
    told.details := jsonb_set(NEW.details, '{request}', OLD.details -> 'request');
  ELSE
    SELECT * INTO kept FROM event_text t
    WHERE t.organization_id = OLD.organization_id AND t.id = OLD.id;
    told.reason := coalesce(kept.reason, NEW.reason);
    told.details := NEW.details || kept.details;
  END IF;
  IF told IS DISTINCT FROM OLD OR NEW IS NOT DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
STAYS = """
CREATE OR REPLACE FUNCTION event_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM customer c
    WHERE c.organization_id = OLD.organization_id AND c.id = OLD.customer_id
      AND c.erased_at IS NOT NULL)
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'texts of the ledger stay until their customer is erased: % refused', TG_OP
    USING ERRCODE = 'restrict_violation';
END $$
"""
STAYS_TRIGGERS = """
CREATE OR REPLACE TRIGGER event_text_stays BEFORE UPDATE OR DELETE ON event_text
  FOR EACH ROW EXECUTE FUNCTION event_text_stays();
CREATE OR REPLACE TRIGGER event_text_kept BEFORE TRUNCATE ON event_text
  FOR EACH STATEMENT EXECUTE FUNCTION event_text_stays()
"""
GUARDED = "SELECT 1 FROM pg_trigger WHERE tgname = 'event_text_stays'"
MOVES_TRIGGERS = """
CREATE OR REPLACE TRIGGER event_text_moves BEFORE UPDATE ON event
  FOR EACH ROW EXECUTE FUNCTION event_text_moves();
CREATE OR REPLACE TRIGGER event_append_only BEFORE DELETE OR TRUNCATE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only()
"""


async def event_texts(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        if not await database.connection.fetchval(PRESENT):
            await database.briefly(COLUMNS)
            await database.briefly(TABLE)
        await database.build_index("event_text_of_customer", OF_CUSTOMER)
        for name, definition in CONSTRAINTS.items():
            await database.add_constraint("customer", name, definition)
        await database.drop_constraint("customer", FORMER)
        await database.replace_check("event", "event_action", ACTIONS)
        for name, condition in LEFT.items():
            await database.build_index(name, f"ON event (organization_id, id) WHERE {condition}")
        # Behind the indexes: a killed run repeats these statements.
        if not await database.connection.fetchval(GUARDED):
            await database.briefly(f"{STAYS}; {STAYS_TRIGGERS}")
        await database.briefly(f"{MOVES}; {MOVES_TRIGGERS}")
        # Rows in use, and those of a process of the release before, are left to the worker.
        await move_all(fetch=database.connection.fetch)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0023_sheets")]
    operations = [operations.RunPython(event_texts, atomic=False)]
