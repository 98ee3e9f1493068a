-- Back to a table that keeps the words of what was deleted until its parts are merged.
DROP TRIGGER messages_are_numbered;
DROP TRIGGER changed_texts_are_noted;
DROP TRIGGER words_are_indexed;
DROP VIEW message_index_entries;
DROP TABLE message_words;

CREATE VIRTUAL TABLE message_words USING fts5 (
    text,
    scope,
    content = '',
    contentless_delete = 1,
    tokenize = 'ascii',
    prefix = '1 2'
);

ALTER TABLE unindexed_messages DROP COLUMN indexed_text;

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
        search_words(text),
        char(0xe000) || 'c' || lower(hex(conversation_id)) || ' ' || char(0xe000) || 's' || lower(hex(sender_id))
        || CASE WHEN recipient_id <> conversation_id THEN
            ' ' || char(0xe000) || 'p' || lower(hex(sender_id)) || ' ' || char(0xe000) || 'p' || lower(hex(recipient_id))
        ELSE '' END
    FROM messages
    WHERE id = (SELECT message_id FROM searchable_messages WHERE number = OLD.number)
    AND deleted_at IS NULL;
END;

INSERT OR IGNORE INTO unindexed_messages SELECT number FROM searchable_messages;
