-- How often each emoji was used for a message: one row for each, kept with the reactions themselves. A message that 30,000 people
-- reacted to is read like one with three reactions.
CREATE TABLE reaction_groups (
    message_id BLOB NOT NULL,
    emoji TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (message_id, emoji)
) WITHOUT ROWID;
INSERT INTO reaction_groups (message_id, emoji, count)
    SELECT message_id, emoji, count(*) FROM reactions GROUP BY message_id, emoji;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('reaction_groups', 'reaction_groups', '50000 3 1');
ANALYZE sqlite_schema;
