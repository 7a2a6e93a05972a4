-- A claim: it locks the customer and the seat, and writes what a claim writes, with its next alarm.
CREATE FUNCTION peer.claim_customer(customer uuid, key text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  me peer.member := peer.viewer();
  request text := encode(sha256(convert_to('claim ' || customer, 'UTF8')), 'hex');
  stored jsonb;
  c record;
  s seat;
  reason jsonb;
  moment timestamptz;
  due record;
  told record;
  day date;
BEGIN
  IF key IS NOT NULL THEN
    SELECT details INTO stored FROM event
    WHERE organization_id = me.organization_id AND actor_id = me.id AND idempotency_key = key;
    IF stored ->> 'request' <> request THEN
      RETURN peer.refused('InvalidInput', 'The key was used for another request.');
    END IF;
    IF stored IS NOT NULL THEN RETURN peer.claimed(me, customer); END IF;
  END IF;
  SELECT u.id, u.owner_id, u.pool_id, u.epoch, u.level, u.entered_at, p.rules, p.rules_version
  INTO c FROM customer u
  JOIN pool p ON p.organization_id = u.organization_id AND p.id = u.pool_id
  WHERE u.organization_id = me.organization_id AND u.id = customer FOR UPDATE OF u;
  IF NOT FOUND OR NOT (c.owner_id IS NOT DISTINCT FROM me.id OR peer.opens(me, c.pool_id)) THEN
    RETURN peer.refused('NotFound', 'Not found.');
  END IF;
  SELECT * INTO s FROM seat WHERE organization_id = me.organization_id AND pool_id = c.pool_id
    AND member_id = me.id FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO seat (organization_id, pool_id, member_id)
    VALUES (me.organization_id, c.pool_id, me.id) ON CONFLICT DO NOTHING;
    SELECT * INTO s FROM seat WHERE organization_id = me.organization_id AND pool_id = c.pool_id
      AND member_id = me.id FOR UPDATE;
  END IF;
  moment := clock_timestamp();
  reason := peer.refusal(me, c.rules, c.id, c.owner_id, c.entered_at, s, moment);
  IF reason IS NOT NULL THEN RETURN reason; END IF;
  day := (moment AT TIME ZONE me.time_zone)::date;
  SELECT d.reason, d.at INTO due
  FROM peer.conditions(c.rules, c.level, moment, NULL, NULL, me.time_zone) AS d LIMIT 1;
  SELECT coalesce(array_agg(r.at ORDER BY r.at), '{}') AS at,
    coalesce(array_agg(r.span ORDER BY r.at), '{}') AS spans INTO told
  FROM (
    SELECT span, (due.at AT TIME ZONE me.time_zone - span::interval) AT TIME ZONE me.time_zone AS at
    FROM jsonb_array_elements_text(c.rules -> 'reminders') AS span
  ) AS r WHERE r.at > moment;
  UPDATE seat SET held = held + 1, claimed_on = greatest(claimed_on, day),
    claimed_today = CASE WHEN claimed_on >= day THEN claimed_today + 1 ELSE 1 END
  WHERE organization_id = me.organization_id AND id = s.id;
  UPDATE customer SET owner_id = me.id, epoch = epoch + 1, claimed_at = moment, won_at = NULL,
    opened_at = NULL, rules_version = c.rules_version, release_at = due.at,
    release_reason = due.reason, remind_at = told.at, remind_offsets = told.spans,
    deal_reported_at = NULL
  WHERE organization_id = me.organization_id AND id = c.id;
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    due_at, at)
  VALUES (me.organization_id, c.id, c.epoch + 1, 'CLAIMED', me.id, me.id, c.pool_id, due.at, moment);
  IF key IS NOT NULL THEN
    INSERT INTO event (organization_id, action, actor_id, at, details, idempotency_key)
    VALUES (me.organization_id, 'ANSWERED', me.id, moment, jsonb_build_object('request', request,
      'answer', jsonb_build_array(jsonb_build_object('type', 'Claimed', 'customer', c.id))), key);
  END IF;
  IF told.at <> '{}' THEN
    PERFORM graphile_worker.add_job('remind', json_build_array(c.id, c.epoch + 1, told.spans[1]),
      run_at := told.at[1]);
  ELSIF due.at IS NOT NULL THEN
    PERFORM graphile_worker.add_job('release', json_build_array(c.id, c.epoch + 1),
      run_at := due.at);
  END IF;
  RETURN peer.claimed(me, c.id);
END $$;

CREATE FUNCTION peer.claimed(me peer.member, customer uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('__typename', 'Claimed', 'customer', jsonb_build_object(
    'id', peer.global_id('Customer', c.id), 'name', c.name, 'level', c.level,
    'holding', jsonb_build_object('since', peer.moment(c.claimed_at),
      'release', CASE WHEN c.release_at IS NOT NULL THEN
        jsonb_build_object('at', peer.moment(c.release_at), 'reason', c.release_reason) END)))
  FROM customer c WHERE c.organization_id = me.organization_id AND c.id = customer
$$;
