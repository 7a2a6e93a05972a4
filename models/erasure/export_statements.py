"""The statements that read what is stored of a customer or a member, each row as JSON."""

from models.tables import TEXTS, TOLD_COLUMNS

# What the server alone can read, or makes of other columns.
OF_CUSTOMERS = """
SELECT (to_jsonb(c) - '{organization_id,search_name,name_grams,sort_name,masked_name,name_key,
  phone_key,email_key,registration_key,keyed_at}'::text[])::text AS row
FROM customer c WHERE c.organization_id = $1 AND (c.id = $2 OR c.merged_into = $2) ORDER BY c.id
"""
KEYS = """
SELECT jsonb_build_object('kind', kind, 'key', key, 'since', since)::text AS row
FROM customer_key WHERE organization_id = $1 AND customer_id = ANY($2::uuid[]) ORDER BY id
"""
OF_MEMBER = """
SELECT (to_jsonb(m) - 'organization_id')::text AS row
FROM member m WHERE m.organization_id = $1 AND m.id = $2
"""
SEATS = """
SELECT (to_jsonb(s) - 'organization_id')::text AS row
FROM seat s WHERE s.organization_id = $1 AND s.member_id = $2 ORDER BY s.id
"""
ACCESS = """
SELECT jsonb_build_object('pool_id', pool_id, 'administers', administers)::text AS row
FROM pool_access WHERE organization_id = $1 AND member_id = $2 ORDER BY id
"""
LOOKUPS = """
SELECT (to_jsonb(l) - 'organization_id')::text AS row
FROM lookup l WHERE l.organization_id = $1 AND l.member_id = $2
"""
# Their secrets open other systems, and are no data of a person.
CHANNELS = """
SELECT (to_jsonb(h) - '{organization_id,secret,url}'::text[])::text AS row
FROM channel h WHERE h.organization_id = $1 AND h.member_id = $2 ORDER BY h.id
"""


def events_sql(which: str) -> str:
    """Return the statement for the next $4 events behind $3 that `which` selects by $2."""
    return f"""
SELECT e.seq, (to_jsonb(e) - '{{organization_id,txid,seq}}'::text[])::text AS row FROM (
  SELECT {TOLD_COLUMNS} FROM event c {TEXTS}
  WHERE c.organization_id = $1 AND {which} AND c.seq > $3 ORDER BY c.seq LIMIT $4
) AS e ORDER BY e.seq
"""


EVENTS_OF_CUSTOMERS = events_sql("c.customer_id = ANY($2::uuid[])")
# No index leads to whatever a member did: this reads the ledger of the organization.
EVENTS_OF_MEMBER = events_sql("$2 IN (c.actor_id, c.member_id, c.former_id)")
