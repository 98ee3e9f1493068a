-- The words that are indexed are cut and folded by the program, `search_words` in `src/types/search_words.rs`, and not by
-- SQLite's tokenizer, which knows Latin only. `ascii` takes them as they are: it cuts at what is neither a letter nor a digit
-- of ASCII, nor beyond ASCII; and of that there are only the spaces between them.

DROP TRIGGER words_are_indexed;
DROP TABLE message_words;

-- As it was in `2026-11-22-000008_search`, which tells why, but for the tokenizer.
CREATE VIRTUAL TABLE message_words USING fts5 (
    text,
    scope,
    content = '',
    contentless_delete = 1,
    tokenize = 'ascii',
    prefix = '1 2'
);

-- `search_words` is a function of the connection that writes (`src/store/search_index.rs`).
CREATE TRIGGER words_are_indexed AFTER DELETE ON unindexed_messages BEGIN
    DELETE FROM message_words WHERE rowid = OLD.number;
    INSERT INTO message_words (rowid, text, scope)
    SELECT
        OLD.number,
        search_words(text),
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

-- The messages that are there already. After the migrations, the program indexes what is noted, a batch at a time, so that
-- it can be told how far it is, and goes on from there when it was interrupted.
INSERT OR IGNORE INTO unindexed_messages SELECT number FROM searchable_messages;
