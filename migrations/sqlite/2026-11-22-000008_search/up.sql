-- Full-text search, which every database does in its own way: all that belongs to SQLite's FTS5 stands here, in
-- `src/models/message_words.rs`, and in `src/store/search_index.rs`.

-- FTS5 knows rows by their numbers, and messages have none. A number is given once, in the order of arrival.
CREATE TABLE searchable_messages (
    number INTEGER NOT NULL PRIMARY KEY,
    message_id BLOB NOT NULL UNIQUE
);

-- Which words are in which message; the texts stay where they are. `scope` has what a search is narrowed by, as words of
-- their own, so that one index answers all of it: `c` and the conversation, `s` and the sender, and between two people `p`
-- and either of them. They begin with a character of private use, so that no beginning of an ordinary word is also one of
-- theirs.
--
-- Every word is searched for as a beginning. Beginnings of one and two characters have lists of their own: whoever types a
-- single letter would otherwise have the lists of all words with it merged.
CREATE VIRTUAL TABLE message_words USING fts5 (
    text,
    scope,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2'
);

-- Messages whose words are not in the index, or not as they are now. FTS5 writes out what it has gathered at every
-- savepoint, and each message has one; so the writer empties this table once before it commits, and that brings the index
-- up to date. What is committed is indexed. See "What the search index costs" in `docs/performance.md`.
CREATE TABLE unindexed_messages (
    number INTEGER NOT NULL PRIMARY KEY
);

CREATE TRIGGER messages_are_numbered AFTER INSERT ON messages BEGIN
    INSERT INTO searchable_messages (message_id) VALUES (NEW.id);
    INSERT INTO unindexed_messages SELECT number FROM searchable_messages WHERE message_id = NEW.id;
END;

CREATE TRIGGER changed_texts_are_noted AFTER UPDATE OF text ON messages BEGIN
    INSERT OR IGNORE INTO unindexed_messages SELECT number FROM searchable_messages WHERE message_id = NEW.id;
END;

CREATE TRIGGER words_are_indexed AFTER DELETE ON unindexed_messages BEGIN
    DELETE FROM message_words WHERE rowid = OLD.number;
    INSERT INTO message_words (rowid, text, scope)
    SELECT
        OLD.number,
        text,
        char(0xe000) || 'c' || lower(hex(conversation_id)) || ' ' || char(0xe000) || 's' || lower(hex(sender_id))
        -- A chatroom's messages have the same recipient and conversation.
        || CASE WHEN recipient_id <> conversation_id THEN
            ' ' || char(0xe000) || 'p' || lower(hex(sender_id)) || ' ' || char(0xe000) || 'p' || lower(hex(recipient_id))
        ELSE '' END
    FROM messages
    WHERE id = (SELECT message_id FROM searchable_messages WHERE number = OLD.number)
    -- A deleted message says nothing.
    AND deleted_at IS NULL;
END;

-- The messages that are there already.
INSERT INTO searchable_messages (message_id) SELECT id FROM messages ORDER BY id;
INSERT INTO unindexed_messages SELECT number FROM searchable_messages;
DELETE FROM unindexed_messages;
