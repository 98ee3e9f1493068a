DROP TRIGGER words_are_indexed;
DROP TABLE message_words;

CREATE VIRTUAL TABLE message_words USING fts5 (
    text,
    scope,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2'
);

CREATE TRIGGER words_are_indexed AFTER DELETE ON unindexed_messages BEGIN
    DELETE FROM message_words WHERE rowid = OLD.number;
    INSERT INTO message_words (rowid, text, scope)
    SELECT
        OLD.number,
        text,
        char(0xe000) || 'c' || lower(hex(conversation_id)) || ' ' || char(0xe000) || 's' || lower(hex(sender_id))
        || CASE WHEN recipient_id <> conversation_id THEN
            ' ' || char(0xe000) || 'p' || lower(hex(sender_id)) || ' ' || char(0xe000) || 'p' || lower(hex(recipient_id))
        ELSE '' END
    FROM messages
    WHERE id = (SELECT message_id FROM searchable_messages WHERE number = OLD.number)
    AND deleted_at IS NULL;
END;

INSERT OR IGNORE INTO unindexed_messages SELECT number FROM searchable_messages;
DELETE FROM unindexed_messages;
