"""The statement that makes one customer of two, after the dropped one's owner has lost it."""

# A loss is carried over with its time and the pool that it was lost from, for the cool-down.
MERGE = """
WITH dropped AS (
  -- 1. dropped: in no pool any more
  UPDATE customer SET pool_id = NULL, merged_into = $2,
    keyed_at = coalesce(keyed_at, statement_timestamp())
  WHERE organization_id = $1 AND id = $3 RETURNING *
), pointed AS (
  -- 2. pointed: what was merged into the dropped one before is merged into the kept one
  UPDATE customer SET merged_into = $2 WHERE organization_id = $1 AND merged_into = $3
), kept AS (
  -- 3. kept: what is not known of it is known of the dropped one
  UPDATE customer c SET absorbed = true, keyed_at = statement_timestamp(),
    person = coalesce(c.person, d.person), phone = coalesce(c.phone, d.phone),
    email = coalesce(c.email, d.email),
    registration_number = coalesce(c.registration_number, d.registration_number),
    phone_key = CASE WHEN c.phone IS NULL THEN d.phone_key ELSE c.phone_key END,
    email_key = CASE WHEN c.email IS NULL THEN d.email_key ELSE c.email_key END,
    registration_key = CASE WHEN c.registration_number IS NULL THEN d.registration_key
      ELSE c.registration_key END
  FROM dropped d WHERE c.organization_id = $1 AND c.id = $2 RETURNING c.*
), repeated AS (
  -- 4. repeated: the keys that both have
  DELETE FROM customer_key k WHERE k.organization_id = $1 AND k.customer_id = $3 AND EXISTS (
    SELECT FROM customer_key o WHERE o.organization_id = $1 AND o.customer_id = $2
      AND o.kind = k.kind AND o.key = k.key)
), rekeyed AS (
  -- 5. rekeyed: the others are the kept one's
  UPDATE customer_key k SET customer_id = $2
  WHERE k.organization_id = $1 AND k.customer_id = $3 AND NOT EXISTS (
    SELECT FROM customer_key o WHERE o.organization_id = $1 AND o.customer_id = $2
      AND o.kind = k.kind AND o.key = k.key)
), carried AS (
  -- 6. carried: whoever lost the dropped one has lost the kept one
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, former_id, at, details)
  SELECT e.organization_id, $2, k.epoch, 'LOSS_CARRIED', $4, e.former_id, e.at,
    jsonb_build_object('from_pool', coalesce(e.details ->> 'from_pool', e.pool_id::text),
      'dropped', $3)
  FROM event e, kept k WHERE e.organization_id = $1 AND e.customer_id = $3
    AND e.former_id IS NOT NULL
  ORDER BY e.seq
), logged AS (
  -- 7. logged: one event for each of the two
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    details)
  SELECT organization_id, id, epoch, 'MERGED', $4::uuid, owner_id, pool_id,
    jsonb_build_object('dropped', $3) FROM kept
  UNION ALL
  SELECT organization_id, id, epoch, 'MERGED', $4::uuid, NULL, $6, jsonb_build_object('into', $2)
  FROM dropped
  RETURNING organization_id, id, customer_id
)
-- 8. Why, in a person's words.
INSERT INTO event_text (organization_id, id, customer_id, reason)
SELECT organization_id, id, customer_id, $5 FROM logged
"""
