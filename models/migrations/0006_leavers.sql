-- Who let a member go, and to which pool their customers were to go.
CREATE INDEX event_left ON event (member_id, seq) WHERE action = 'MEMBER_LEFT';
