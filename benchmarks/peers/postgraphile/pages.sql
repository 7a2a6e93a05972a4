-- A page of a pool and one of one's own customers; the cursor is not signed.
CREATE FUNCTION peer.pool(pool uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN CASE WHEN peer.opens(peer.viewer(), pool) THEN
    jsonb_build_object('id', peer.global_id('Pool', pool), 'key', pool) END;
END $$;

CREATE FUNCTION peer.masked_contact(masked jsonb, person text, phone text, email text)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('person', s.person, 'phone', s.phone, 'email', s.email,
    'masked', (s.person, s.phone, s.email) IS DISTINCT FROM ($2, $3, $4))
  FROM (SELECT
    CASE WHEN masked ? 'PERSON' THEN left($2, 1) || repeat('*', length($2) - 1) ELSE $2 END
      AS person,
    CASE WHEN NOT masked ? 'PHONE' THEN $3
      WHEN $3 ~ '^(\+?86|0086)?1[3-9]\d{9}$'
        THEN regexp_replace(right($3, 11), '\d{4}(\d{4})$', '****\1')
      ELSE repeat('*', length($3)) END AS phone,
    CASE WHEN NOT masked ? 'EMAIL' THEN $4
      ELSE CASE WHEN position('@' IN $4) > 3 THEN left($4, 1) ELSE '' END || '*****@'
        || split_part($4, '@', 2) END AS email
  ) AS s
$$;

CREATE FUNCTION peer.page(nodes jsonb, first integer, cursor text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object(
    'nodes', CASE WHEN jsonb_array_length(nodes) > first THEN nodes - first ELSE nodes END,
    'pageInfo', jsonb_build_object('hasNextPage', jsonb_array_length(nodes) > first,
      'endCursor', translate(encode(convert_to(cursor, 'UTF8'), 'base64'), E'\n', '')))
$$;

CREATE FUNCTION peer.pooled(pool uuid, first integer) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  me peer.member := peer.viewer();
  now timestamptz := clock_timestamp();
  zone text := me.time_zone;
  rules jsonb := (SELECT p.rules FROM pool p
    WHERE p.organization_id = me.organization_id AND p.id = pool);
  s seat;
  page jsonb;
BEGIN
  SELECT * INTO s FROM seat WHERE organization_id = me.organization_id AND pool_id = pool
    AND member_id = me.id;
  SELECT peer.page(coalesce(jsonb_agg(jsonb_build_object(
      'id', peer.global_id('Customer', c.id), 'name', c.name, 'level', c.level,
      'openedAt', peer.moment(c.opened_at),
      'contact', peer.masked_contact(rules -> 'masked', c.person, c.phone, c.email),
      'claimable', coalesce(
        peer.refusal(me, rules, c.id, c.owner_id, c.entered_at, s, now),
        jsonb_build_object('__typename', 'Claimable', 'releaseAt', peer.moment((
          SELECT d.at FROM peer.conditions(rules, c.level, now, NULL, NULL, zone) AS d LIMIT 1))))
    ) ORDER BY c.n), '[]'), first, max(c.opened_at || ' ' || c.id) FILTER (WHERE c.n = first))
  INTO page FROM (
    SELECT *, row_number() OVER (ORDER BY opened_at DESC, id DESC) AS n FROM customer
    WHERE organization_id = me.organization_id AND pool_id = pool AND owner_id IS NULL
    ORDER BY opened_at DESC, id DESC LIMIT first + 1
  ) AS c;
  RETURN page;
END $$;

CREATE FUNCTION peer.held_count() RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE me peer.member := peer.viewer();
BEGIN
  RETURN (SELECT coalesce(sum(held), 0) FROM seat
    WHERE organization_id = me.organization_id AND member_id = me.id);
END $$;

CREATE FUNCTION peer.held(first integer) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  me peer.member := peer.viewer();
  page jsonb;
BEGIN
  SELECT peer.page(coalesce(jsonb_agg(jsonb_build_object(
      'id', peer.global_id('Customer', c.id), 'name', c.name,
      'holding', jsonb_build_object('since', peer.moment(c.claimed_at),
        'followedUpAt', peer.moment(c.followed_up_at),
        'remindAt', (SELECT coalesce(jsonb_agg(peer.moment(at)), '[]') FROM unnest(c.remind_at) AS at),
        'release', CASE WHEN c.release_at IS NOT NULL THEN jsonb_build_object(
          'at', peer.moment(c.release_at), 'reason', c.release_reason, 'conditions', (
            SELECT jsonb_agg(jsonb_build_object('reason', d.reason, 'at', peer.moment(d.at),
              'remedy', d.remedy))
            FROM peer.conditions(c.rules, c.level, c.claimed_at, c.followed_up_at, c.won_at,
              me.time_zone) AS d)) END)
    ) ORDER BY c.n), '[]'), first, max(c.due || ' ' || c.id) FILTER (WHERE c.n = first))
  INTO page FROM (
    SELECT u.*, p.rules, coalesce(u.release_at, 'infinity') AS due,
      row_number() OVER (ORDER BY coalesce(u.release_at, 'infinity'), u.id) AS n
    FROM customer u JOIN pool p ON p.organization_id = u.organization_id AND p.id = u.pool_id
    WHERE u.organization_id = me.organization_id AND u.owner_id = me.id
    ORDER BY coalesce(u.release_at, 'infinity'), u.id LIMIT first + 1
  ) AS c;
  RETURN page;
END $$;
