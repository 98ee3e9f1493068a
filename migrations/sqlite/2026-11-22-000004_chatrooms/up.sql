-- A conversation is one between two people, who stand here, or a chatroom, which has a row of its own below. With the pair in
-- this row, a message to a person finds its conversation, takes its seq and moves it up in two inboxes by one update.
ALTER TABLE conversations ADD COLUMN activity BLOB NOT NULL DEFAULT x'';
ALTER TABLE conversations ADD COLUMN lower_user_id BLOB REFERENCES users (id);
ALTER TABLE conversations ADD COLUMN higher_user_id BLOB REFERENCES users (id)
CHECK ((lower_user_id IS NULL AND higher_user_id IS NULL) OR lower_user_id <= higher_user_id);

UPDATE conversations SET
    -- The id of its newest message; its own, as long as it has none. Ids ascend in the order in which they were made.
    activity = coalesce((SELECT max(id) FROM messages WHERE conversation_id = conversations.id), id),
    (lower_user_id, higher_user_id) = (
        SELECT lower_user_id, higher_user_id FROM direct_conversations WHERE conversation_id = conversations.id
    );
DROP TABLE direct_conversations;

CREATE UNIQUE INDEX conversations_by_pair ON conversations (lower_user_id, higher_user_id)
WHERE lower_user_id IS NOT NULL;
-- The two halves of somebody's inbox that are between two people.
CREATE INDEX conversations_of_lower ON conversations (lower_user_id, activity) WHERE lower_user_id IS NOT NULL;
CREATE INDEX conversations_of_higher ON conversations (higher_user_id, activity) WHERE lower_user_id IS NOT NULL;
CREATE INDEX conversations_of_chatrooms ON conversations (activity) WHERE lower_user_id IS NULL;

CREATE TABLE chatrooms (
    id BLOB NOT NULL PRIMARY KEY REFERENCES conversations (id),
    name TEXT NOT NULL,
    created_by_id BLOB NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    -- Its owner; nobody when it has no members.
    owner_id BLOB REFERENCES users (id),
    member_count BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE memberships (
    user_id BLOB NOT NULL REFERENCES users (id),
    chatroom_id BLOB NOT NULL REFERENCES chatrooms (id),
    joined_at BIGINT NOT NULL,
    -- The place of the joining in the event log: whose is less has been a member for longer, whatever the clock said.
    joined_position BIGINT NOT NULL,
    PRIMARY KEY (user_id, chatroom_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX memberships_by_chatroom ON memberships (chatroom_id, joined_position);

-- How far somebody has read a conversation. What is unread follows: the seqs above `read_up_to`, less one's own among them,
-- which are `own_sent` - `own_read`. Nothing here is written when others send.
CREATE TABLE read_positions (
    user_id BLOB NOT NULL REFERENCES users (id),
    conversation_id BLOB NOT NULL REFERENCES conversations (id),
    read_up_to BIGINT NOT NULL,
    -- How many of the messages up to `read_up_to` are one's own.
    own_read BIGINT NOT NULL,
    -- How many of all messages are one's own.
    own_sent BIGINT NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
) WITHOUT ROWID;
INSERT INTO read_positions (user_id, conversation_id, read_up_to, own_read, own_sent)
SELECT sender_id, conversation_id, 0, 0, count(*) FROM messages GROUP BY sender_id, conversation_id;

-- What the planner is to believe, as for messages.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('conversations', 'conversations', '100000 1'),
    ('conversations', 'conversations_by_pair', '90000 20 1'),
    ('conversations', 'conversations_of_lower', '90000 20 1'),
    ('conversations', 'conversations_of_higher', '90000 20 1'),
    ('conversations', 'conversations_of_chatrooms', '10000 1'),
    ('chatrooms', 'chatrooms', '10000 1'),
    ('memberships', 'memberships', '200000 20 1'),
    ('memberships', 'memberships_by_chatroom', '200000 20 1'),
    ('read_positions', 'read_positions', '200000 20 1');
ANALYZE sqlite_schema;
