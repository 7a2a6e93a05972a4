-- What the peer's plans call: pages and a claim, each one function that answers as JSON.
DROP SCHEMA IF EXISTS peer CASCADE;
CREATE SCHEMA peer;
CREATE TYPE peer.member AS (
  organization_id uuid, id uuid, department_id uuid, role text, time_zone text);

-- The member of the token, whose values the connection has for the transaction.
CREATE FUNCTION peer.viewer() RETURNS peer.member LANGUAGE plpgsql STABLE AS $$
DECLARE me peer.member;
BEGIN
  SELECT m.organization_id, m.id, m.department_id, m.role, o.time_zone INTO me
  FROM member m JOIN organization o ON o.id = m.organization_id
  WHERE m.organization_id = current_setting('peer.organization')::uuid
    AND m.id = current_setting('peer.member')::uuid AND m.active
    AND (m.reactivated_at IS NULL
      OR extract(epoch FROM m.reactivated_at) <= current_setting('peer.issued')::numeric);
  IF NOT FOUND THEN RAISE EXCEPTION 'no active member has this token'; END IF;
  RETURN me;
END $$;

CREATE FUNCTION peer.opens(me peer.member, pool uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM pool p WHERE p.organization_id = me.organization_id AND p.id = pool AND (
      me.role = 'ADMIN' OR EXISTS (
        SELECT FROM pool_access a WHERE a.organization_id = me.organization_id AND a.pool_id = pool
        AND (a.member_id = me.id OR a.department_id = me.department_id))))
$$;

CREATE FUNCTION peer.moment(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT replace(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z'
$$;

CREATE FUNCTION peer.global_id(type text, id uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT type || '_' || replace(id::text, '-', '')
$$;

-- Days keep the local wall time.
CREATE FUNCTION peer.moved(at timestamptz, span text, zone text) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT (at AT TIME ZONE zone + span::interval) AT TIME ZONE zone
$$;

-- The conditions for a release.
CREATE FUNCTION peer.conditions(
  rules jsonb, level text, claimed timestamptz, followed timestamptz, won timestamptz, zone text
) RETURNS TABLE (reason text, at timestamptz, remedy text) LANGUAGE sql STABLE ROWS 3 AS $$
  WITH terms AS MATERIALIZED (
    SELECT rules || coalesce((
      SELECT jsonb_strip_nulls(each) FROM jsonb_array_elements(rules -> 'levels') AS each
      WHERE each ->> 'level' = level), '{}') AS t
  )
  SELECT c.reason, c.at, c.remedy
  FROM terms, LATERAL (
    SELECT won IS NOT NULL AND (t ->> 'deal_exempts')::boolean AS exempt,
      coalesce(t ->> 'first_follow_up_within', t ->> 'follow_up_within') AS first
  ) AS x, LATERAL (VALUES
    ('NOT_FOLLOWED_UP', CASE WHEN NOT exempt AND (
        followed IS NULL OR t ->> 'follow_up_within' IS NOT NULL)
      THEN greatest(peer.moved(claimed, first, zone),
        peer.moved(followed, t ->> 'follow_up_within', zone)) END,
      'Log a follow-up before then.'),
    ('NO_DEAL', CASE WHEN won IS NULL THEN peer.moved(claimed, t ->> 'deal_within', zone) END,
      'Record a signed deal before then.'),
    ('MAX_HOLD', CASE WHEN NOT exempt THEN peer.moved(claimed, t ->> 'max_hold', zone) END,
      'Neither follow-ups nor deals move this date.'),
    ('CONTRACT_ENDED', peer.moved(won, t ->> 'won_for', zone),
      'Record a further signed deal before then.')
  ) AS c (reason, at, remedy)
  WHERE c.at IS NOT NULL ORDER BY c.at
$$;

CREATE FUNCTION peer.refused(typename text, message text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('__typename', typename, 'message', message)
$$;

-- Why the member can't claim the customer now; null if they can.
CREATE FUNCTION peer.refusal(
  me peer.member, rules jsonb, customer uuid, owner uuid, entered timestamptz, seat public.seat,
  now timestamptz
) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_variable
DECLARE
  capacity integer := (rules ->> 'capacity')::integer;
  own integer;
  held integer := coalesce(seat.held, 0);
  today integer := 0;
  ends timestamptz;
BEGIN
  IF owner IS NOT NULL THEN RETURN peer.refused('AlreadyHeld', 'The customer is held.'); END IF;
  IF rules -> 'capacities' <> '[]' THEN
    SELECT (each ->> 'capacity')::integer INTO own
    FROM jsonb_array_elements(rules -> 'capacities') AS each
    WHERE each ->> 'member' = me.id::text OR each ->> 'department' = me.department_id::text
    ORDER BY (each ->> 'member') IS NULL LIMIT 1;
    capacity := coalesce(own, capacity);
  END IF;
  IF NOT (rules ->> 'won_count')::boolean THEN held := held - coalesce(seat.won, 0); END IF;
  IF held >= capacity THEN
    RETURN peer.refused('CapacityReached', format('You hold %s of %s customers.', held, capacity));
  END IF;
  IF rules ->> 'daily_claim_limit' IS NOT NULL THEN
    IF seat.claimed_on >= (now AT TIME ZONE me.time_zone)::date THEN today := seat.claimed_today; END IF;
    IF today >= (rules ->> 'daily_claim_limit')::integer THEN
      RETURN peer.refused('DailyLimitReached',
        format('You may claim %s a day.', rules ->> 'daily_claim_limit'));
    END IF;
  END IF;
  SELECT max(greatest(peer.moved(e.at, f.rules ->> 'reclaim_cooldown', me.time_zone),
    peer.moved(e.at, rules ->> 'reclaim_cooldown', me.time_zone))) INTO ends
  FROM event e JOIN pool f ON f.organization_id = e.organization_id
    AND f.id = coalesce((e.details ->> 'from_pool')::uuid, e.pool_id)
  WHERE e.organization_id = me.organization_id AND e.customer_id = customer AND e.former_id = me.id;
  IF ends > now THEN
    RETURN peer.refused('CoolingDown',
      format('You lost this customer; wait until %s.', peer.moment(ends)));
  END IF;
  ends := peer.moved(entered, rules ->> 'new_customer_lock', me.time_zone);
  IF ends > now THEN
    RETURN peer.refused('NotYetOpen', format('This customer opens at %s.', peer.moment(ends)));
  END IF;
  RETURN NULL;
END $$;
