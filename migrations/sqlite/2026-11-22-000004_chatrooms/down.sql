DELETE FROM sqlite_stat1 WHERE tbl IN ('conversations', 'chatrooms', 'memberships', 'read_positions');
DROP TABLE read_positions;
DROP TABLE memberships;
DROP TABLE chatrooms;
DELETE FROM messages WHERE recipient_id = conversation_id;
DELETE FROM conversations WHERE lower_user_id IS NULL;

CREATE TABLE direct_conversations (
    conversation_id BLOB NOT NULL PRIMARY KEY REFERENCES conversations (id),
    lower_user_id BLOB NOT NULL REFERENCES users (id),
    higher_user_id BLOB NOT NULL REFERENCES users (id),
    UNIQUE (lower_user_id, higher_user_id),
    CHECK (lower_user_id <= higher_user_id)
) WITHOUT ROWID;
INSERT INTO direct_conversations SELECT id, lower_user_id, higher_user_id FROM conversations;

DROP INDEX conversations_by_pair;
DROP INDEX conversations_of_lower;
DROP INDEX conversations_of_higher;
DROP INDEX conversations_of_chatrooms;
ALTER TABLE conversations DROP COLUMN higher_user_id;
ALTER TABLE conversations DROP COLUMN lower_user_id;
ALTER TABLE conversations DROP COLUMN activity;
