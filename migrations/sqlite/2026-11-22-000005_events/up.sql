-- Everything that happened, in the order in which it was committed. What is written here refers to things by their ids; how they
-- are now is read from their tables.
CREATE TABLE events (
    -- Ascends, and is never used twice.
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    conversation_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    -- Who did it.
    actor_id BLOB NOT NULL,
    -- Whom it is about: who joined, left, or owns the chatroom now.
    member_id BLOB,
    message_id BLOB,
    -- Of the message; or how far was read.
    seq BIGINT,
    -- The emoji; or the chatroom's new name.
    detail TEXT
);
CREATE INDEX events_by_conversation ON events (conversation_id, position);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('events', 'events_by_conversation', '1000000 200 1');
ANALYZE sqlite_schema;
