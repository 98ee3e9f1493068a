-- Who joined and left what, for those who catch up with the log.
CREATE INDEX events_by_member ON events (member_id, position) WHERE member_id IS NOT NULL;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('events', 'events_by_member', '100000 20 1');
ANALYZE sqlite_schema;
