"""The statements that erase a customer, in this order, after its owner has lost it."""

from models.texts.text import Text

# Who reads of the customer sees it in their language.
ERASED_NAME = Text("Erased")
# The level too tells of the person. What is left: when and by whom something was done.
ERASE = f"""
WITH erased AS (
  -- 1. erased: the customer and those that were merged into it, in no pool any more
  UPDATE customer c SET name = '{ERASED_NAME}', level = NULL, level_by_owner = false,
    granted_level = NULL, person = NULL, phone = NULL, email = NULL, registration_number = NULL,
    name_key = '', phone_key = NULL, email_key = NULL, registration_key = NULL, sort_name = '',
    masked_name = NULL, keyed_at = statement_timestamp(), pool_id = NULL, erased_at = now(),
    erased_from = $3::uuid
  WHERE c.organization_id = $1 AND c.id = ANY($4::uuid[]) RETURNING c.*
), unkeyed AS (
  -- 2. unkeyed: its keys are free
  DELETE FROM customer_key WHERE organization_id = $1 AND customer_id = ANY($4)
), unsent AS (
  -- 3. unsent: messages of it that have not arrived
  DELETE FROM webhook_delivery
  WHERE organization_id = $1 AND customer_id = ANY($4) AND status = 'PENDING'
), unread AS (
  -- 4. unread: uploaded sheets, which are kept for a day: any of them may name the person
  DELETE FROM sheet WHERE organization_id = $1
), unheard AS (
  -- 5. unheard: what robots said, which may repeat a message
  UPDATE channel_delivery SET problem = jsonb_set(problem, '{{facts,reason}}', '""')
  WHERE organization_id = $1 AND problem #> '{{facts,reason}}' IS NOT NULL
)
-- 6. The event that tells of it.
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, reason, pool_id)
SELECT organization_id, id, epoch, 'ERASED', $5::uuid, $6::text, $3 FROM erased WHERE id = $2
"""
# The database lets go of texts of erased customers alone, so their rows are written before.
FORGET = """
DELETE FROM event_text WHERE organization_id = $1 AND customer_id = ANY($2::uuid[])
"""
