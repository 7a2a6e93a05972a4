"""The indexes of 0007_tenant_keys: what they were before, behind the organization."""

UNIQUE_INDEXES = {
    "event_once_an_ownership": """ON event (organization_id, customer_id, epoch, action)
      WHERE action IN ('CREATED', 'CLAIMED', 'ASSIGNED', 'TRANSFERRED', 'RELEASED')""",
    # The version tells apart two changes of the rules that brought a release to the same moment.
    "event_one_reminder": """ON event (organization_id, customer_id, epoch, due_at,
      (details ->> 'offset'), (details ->> 'rules_version'))
      NULLS NOT DISTINCT WHERE action = 'REMINDED'""",
    "event_one_decision": """ON event (organization_id, (details ->> 'extension'))
      WHERE action IN ('EXTENDED', 'EXTENSION_DECLINED')""",
}
INDEXES = {
    "pool_access_by_member": "ON pool_access (organization_id, member_id)",
    "pool_access_by_department": "ON pool_access (organization_id, department_id)",
    "seat_by_member": "ON seat (organization_id, member_id)",
    "customer_pooled": """ON customer (organization_id, pool_id, opened_at, id)
      WHERE owner_id IS NULL""",
    "customer_pooled_by_name": """ON customer
      (organization_id, pool_id, (name COLLATE "C"), id) WHERE owner_id IS NULL""",
    "customer_held_by": """ON customer (organization_id, owner_id, pool_id)
      WHERE owner_id IS NOT NULL""",
    "customer_ruled_by": """ON customer (organization_id, pool_id, rules_version)
      WHERE owner_id IS NOT NULL""",
    "event_history": """ON event (organization_id, customer_id, seq)
      WHERE customer_id IS NOT NULL""",
    "event_follow_ups": """ON event (organization_id, customer_id, seq)
      WHERE action = 'FOLLOWED_UP'""",
    "event_lost": """ON event (organization_id, customer_id, former_id, at)
      WHERE former_id IS NOT NULL""",
    "event_taken": """ON event (organization_id, customer_id, epoch) INCLUDE (at)
      WHERE action IN ('CLAIMED', 'ASSIGNED')""",
    "event_alerts": """ON event (organization_id, member_id, txid, seq)
      WHERE action IN ('REMINDED', 'RELEASED', 'ASSIGNED', 'TRANSFERRED')""",
    "event_alerts_former": """ON event (organization_id, former_id, txid, seq)
      WHERE action = 'TRANSFERRED'""",
    "event_alerts_read": """ON event (organization_id, member_id, txid, seq)
      WHERE action = 'ALERTS_READ'""",
    "event_alerts_decided": """ON event (organization_id, member_id, txid, seq)
      WHERE action IN ('EXTENDED', 'EXTENSION_DECLINED')""",
    "event_alerts_decider": """ON event (organization_id, actor_id, txid, seq)
      WHERE action IN ('EXTENDED', 'EXTENSION_DECLINED')""",
    "event_pool_changes": """ON event (organization_id, pool_id, txid, seq)
      WHERE action IN ('CREATED', 'MOVED', 'CLAIMED', 'ASSIGNED', 'RELEASED')""",
    "event_extensions_asked": """ON event (organization_id, customer_id, epoch)
      WHERE action = 'EXTENSION_REQUESTED'""",
    "event_extensions_of_pool": """ON event (organization_id, pool_id, seq)
      WHERE action = 'EXTENSION_REQUESTED'""",
    "event_released": "ON event (organization_id, pool_id, at) WHERE action = 'RELEASED'",
    "event_leavers": """ON event (organization_id, member_id, seq)
      WHERE action = 'RELEASED' AND release_reason = 'MEMBER_LEFT'""",
    "event_left": "ON event (organization_id, member_id, seq) WHERE action = 'MEMBER_LEFT'",
    "event_report": """ON event (organization_id, pool_id, action, at)
      INCLUDE (member_id, release_reason, customer_id, epoch)
      WHERE action IN ('CLAIMED', 'ASSIGNED', 'TRANSFERRED', 'WON', 'RELEASED')
        AND NOT details ? 'from_pool'""",
    "event_report_left": """ON event (organization_id, (details ->> 'from_pool'), at)
      WHERE action = 'RELEASED' AND details ? 'from_pool'""",
    "event_visits": """ON event (organization_id, pool_id, member_id, at)
      WHERE action = 'FOLLOWED_UP' AND details ->> 'kind' = 'VISIT'""",
    "webhook_delivery_due": """ON webhook_delivery (organization_id, webhook_id, next_at)
      WHERE next_at IS NOT NULL""",
    "webhook_delivery_turns": """ON webhook_delivery
      (organization_id, webhook_id, customer_id, seq) WHERE status = 'PENDING' AND NOT again""",
    "webhook_delivery_list": "ON webhook_delivery (organization_id, webhook_id, seq, id)",
    "webhook_delivery_troubled": """ON webhook_delivery (organization_id, webhook_id, seq, id)
      WHERE problem IS NOT NULL""",
}
