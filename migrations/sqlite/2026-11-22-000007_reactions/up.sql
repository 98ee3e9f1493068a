-- Clustered by what is read: the reactions to a message, by emoji, in the order in which they came.
CREATE TABLE reactions (
    -- A message's id; messages are clustered by their recipient, so it cannot be a foreign key.
    message_id BLOB NOT NULL,
    emoji TEXT NOT NULL,
    -- The place of the reaction in the event log.
    position BIGINT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (message_id, emoji, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX reactions_by_user ON reactions (message_id, user_id, emoji);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('reactions', 'reactions', '100000 5 2 1'),
    ('reactions', 'reactions_by_user', '100000 5 2 1');
ANALYZE sqlite_schema;
