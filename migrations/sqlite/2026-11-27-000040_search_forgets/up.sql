-- What was edited or deleted leaves the search index for good. A table with `contentless_delete` only notes which rows have gone,
-- and keeps their words until its parts are merged; FTS5's `secure-delete` takes words out of where they are, but has to be told
-- which words those were. So a change of a text notes what the index has of it.
DROP TRIGGER messages_are_numbered;
DROP TRIGGER changed_texts_are_noted;
DROP TRIGGER words_are_indexed;
DROP TABLE message_words;

-- As it was in `2026-11-22-000008_search` and `2026-11-27-000030_search_words`, which tell why, but for what was said above.
CREATE VIRTUAL TABLE message_words USING fts5 (
    text,
    scope,
    content = '',
    tokenize = 'ascii',
    prefix = '1 2'
);
INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);

-- The text of which the index has the words; none of a new message.
ALTER TABLE unindexed_messages ADD COLUMN indexed_text TEXT;

-- What the index has of a message, by its number.
CREATE VIEW message_index_entries AS
SELECT
    number,
    text,
    deleted_at,
    char(0xe000) || 'c' || lower(hex(conversation_id)) || ' ' || char(0xe000) || 's' || lower(hex(sender_id))
    -- A chatroom's messages have the same recipient and conversation.
    || CASE WHEN recipient_id <> conversation_id THEN
        ' ' || char(0xe000) || 'p' || lower(hex(sender_id)) || ' ' || char(0xe000) || 'p' || lower(hex(recipient_id))
    ELSE '' END AS scope
FROM searchable_messages CROSS JOIN messages ON id = message_id;

CREATE TRIGGER messages_are_numbered AFTER INSERT ON messages BEGIN
    INSERT INTO searchable_messages (message_id) VALUES (NEW.id);
    INSERT INTO unindexed_messages (number) SELECT number FROM searchable_messages WHERE message_id = NEW.id;
END;

-- Of several changes before a commit the first one counts: that text is in the index, or none is.
CREATE TRIGGER changed_texts_are_noted AFTER UPDATE OF text ON messages BEGIN
    INSERT OR IGNORE INTO unindexed_messages (number, indexed_text)
    SELECT number, CASE WHEN OLD.deleted_at IS NULL THEN OLD.text END
    FROM searchable_messages WHERE message_id = NEW.id;
END;

-- `search_words` is a function of the connection that writes. It must give the same words for a text for as long as that text is
-- in the index: a version that gives others needs a migration that has the index built anew.
CREATE TRIGGER words_are_indexed AFTER DELETE ON unindexed_messages BEGIN
    INSERT INTO message_words (message_words, rowid, text, scope)
    SELECT 'delete', number, search_words(OLD.indexed_text), scope FROM message_index_entries
    WHERE number = OLD.number AND OLD.indexed_text IS NOT NULL;
    INSERT INTO message_words (rowid, text, scope)
    SELECT number, search_words(text), scope FROM message_index_entries
    -- A deleted message says nothing.
    WHERE number = OLD.number AND deleted_at IS NULL;
END;

-- The messages that are there already: the program indexes what is noted, after the migrations.
INSERT OR IGNORE INTO unindexed_messages (number) SELECT number FROM searchable_messages;
