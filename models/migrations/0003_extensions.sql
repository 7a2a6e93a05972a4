-- An extension is its request in the ledger, and at most one decision upon it.
CREATE UNIQUE INDEX event_one_decision ON event ((details ->> 'extension'))
  WHERE action IN ('EXTENDED', 'EXTENSION_DECLINED');
CREATE INDEX event_extensions_asked ON event (customer_id, epoch)
  WHERE action = 'EXTENSION_REQUESTED';
CREATE INDEX event_extensions_of_pool ON event (pool_id, seq)
  WHERE action = 'EXTENSION_REQUESTED';
-- Both sides hear of it: the owner, and whoever decided.
CREATE INDEX event_alerts_decided ON event (member_id, txid, seq)
  WHERE action IN ('EXTENDED', 'EXTENSION_DECLINED');
CREATE INDEX event_alerts_decider ON event (actor_id, txid, seq)
  WHERE action IN ('EXTENDED', 'EXTENSION_DECLINED');

-- Releases by rule that may be taken back, and where a leaver's customers went.
CREATE INDEX event_released ON event (pool_id, at) WHERE action = 'RELEASED';
CREATE INDEX event_leavers ON event (member_id, seq)
  WHERE action = 'RELEASED' AND release_reason = 'MEMBER_LEFT';
