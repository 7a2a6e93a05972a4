"""No trigger before updates of customers: PostgreSQL then leaves out what it need not compute.

Where a trigger may change a row before it is written, PostgreSQL computes all generated columns
anew at each update. `name_grams` and `search_name` took an eighth of the statement of a claim, and
more of a release or a reminder. They follow from the name alone.

The triggers of 0008 and 0014 serve the release before. Now they run after an update, and write the
row once more where that release left it otherwise than this one reads it. Within the transaction
nobody else sees the difference. `customer_marker` completes inserts too.

`customer_unannounced` holds before and after a trigger. So it refuses only what neither release
writes; the trigger does the rest. The next release drops the triggers, and restores that check.

Runs while the release before this one serves.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

UNANNOUNCED = """CHECK (
  unannounced_rules_version IS NOT NULL OR coalesce(remind_offsets[1], '') <> 'nearer')"""
MARKER = """
CREATE OR REPLACE FUNCTION customer_marker_completed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  done customer := NEW;
BEGIN
  IF NEW.remind_offsets[1] LIKE 'nearer %' THEN
    done.unannounced_rules_version := split_part(NEW.remind_offsets[1], ' ', 2)::integer;
    done.announced_release_at := nullif(split_part(NEW.remind_offsets[1], ' ', 3), '')::timestamptz;
  ELSIF NEW.remind_offsets[1] = 'nearer' THEN
    done.remind_offsets[1] := concat_ws(' ', 'nearer', NEW.unannounced_rules_version,
      to_json(NEW.announced_release_at) #>> '{}');
  ELSE
    done.unannounced_rules_version := NULL;
    done.announced_release_at := NULL;
  END IF;
  IF done IS DISTINCT FROM NEW THEN
    UPDATE customer SET remind_offsets = done.remind_offsets,
      unannounced_rules_version = done.unannounced_rules_version,
      announced_release_at = done.announced_release_at
    WHERE organization_id = NEW.organization_id AND id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS customer_marker ON customer;
CREATE OR REPLACE TRIGGER customer_marker_after AFTER INSERT OR UPDATE ON customer
FOR EACH ROW WHEN (
  NEW.remind_offsets[1] LIKE 'nearer %' OR NEW.unannounced_rules_version IS NOT NULL)
EXECUTE FUNCTION customer_marker_completed();
DROP FUNCTION customer_marker_to_columns()
"""
STALE_KEYS = """
CREATE OR REPLACE FUNCTION customer_keys_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE customer SET keyed_at = NULL,
    sort_name = CASE WHEN NEW.name = OLD.name THEN sort_name ELSE '' END,
    masked_name = CASE WHEN NEW.name = OLD.name THEN masked_name ELSE '' END
  WHERE organization_id = NEW.organization_id AND id = NEW.id;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS customer_stale_keys ON customer;
CREATE OR REPLACE TRIGGER customer_stale_keys_after
AFTER UPDATE OF name, phone, email, registration_number ON customer
FOR EACH ROW WHEN (NEW.keyed_at IS NOT DISTINCT FROM OLD.keyed_at
  AND (NEW.name, NEW.phone, NEW.email, NEW.registration_number)
    IS DISTINCT FROM (OLD.name, OLD.phone, OLD.email, OLD.registration_number))
EXECUTE FUNCTION customer_keys_forgotten();
DROP FUNCTION customer_without_keys()
"""
# By the function that goes in the same step.
STEPS = {"customer_marker_to_columns": MARKER, "customer_without_keys": STALE_KEYS}
IS_THERE = "SELECT to_regproc($1) IS NOT NULL"


async def triggers_after_updates(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.replace_check("customer", "customer_unannounced", UNANNOUNCED)
        for former, step in STEPS.items():
            if await database.connection.fetchval(IS_THERE, former):
                await database.briefly(step)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0035_names_in_order")]
    operations = [operations.RunPython(triggers_after_updates, atomic=False)]
