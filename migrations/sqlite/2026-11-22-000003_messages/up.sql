-- Clustered by what is read most, the recent messages of a recipient: a page is one stretch of the file. Ids ascend in the
-- order in which messages were accepted, so the primary key is that order, too.
CREATE TABLE messages (
    -- A user; later also a chatroom, so it refers to no one table.
    recipient_id BLOB NOT NULL,
    id BLOB NOT NULL,
    conversation_id BLOB NOT NULL REFERENCES conversations (id),
    -- 1, 2, 3 … without holes in its conversation.
    seq BIGINT NOT NULL,
    sender_id BLOB NOT NULL REFERENCES users (id),
    -- The server's clock; never later than the time in the id.
    sent_at BIGINT NOT NULL,
    -- The sender's idempotency key.
    client_message_id TEXT,
    text TEXT NOT NULL,
    PRIMARY KEY (recipient_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX messages_by_id ON messages (id);
CREATE UNIQUE INDEX messages_by_seq ON messages (conversation_id, seq);
CREATE INDEX messages_by_sender ON messages (recipient_id, sender_id, id);
CREATE UNIQUE INDEX messages_by_client_message_id ON messages (sender_id, client_message_id)
WHERE client_message_id IS NOT NULL;

-- Tells the planner that a recipient has many messages and only some of one sender. Without it the planner would do
-- without messages_by_sender, and read everything that a recipient was sent to find what one sender sent
-- (https://www.sqlite.org/optoverview.html#manual_control_of_query_plans_using_sqlite_stat_tables).
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat)
VALUES ('messages', 'messages', '1000000 1000 1'), ('messages', 'messages_by_sender', '1000000 1000 50 1');
