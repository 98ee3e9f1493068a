-- The search index follows the messages in steps. Each commit indexes a few KiB of text, and the writer indexes the rest when
-- nothing else waits for it: one batch of 1 MB held up everybody's commits for 2 s when all of it was indexed in its own. Each row
-- says how much work it is, in bytes: those of the texts, and 64 for the row.

ALTER TABLE unindexed_messages ADD COLUMN bytes INTEGER NOT NULL DEFAULT 64;

DROP TRIGGER messages_are_numbered;
DROP TRIGGER changed_texts_are_noted;

CREATE TRIGGER messages_are_numbered AFTER INSERT ON messages BEGIN
    INSERT INTO searchable_messages (message_id) VALUES (NEW.id);
    INSERT INTO unindexed_messages (number, bytes)
    SELECT number, 64 + octet_length(NEW.text) FROM searchable_messages WHERE message_id = NEW.id;
END;

-- Of several changes before a message is indexed the first one counts: that text is in the index, or none is.
CREATE TRIGGER changed_texts_are_noted AFTER UPDATE OF text ON messages BEGIN
    INSERT INTO unindexed_messages (number, indexed_text, bytes)
    SELECT
        number,
        CASE WHEN OLD.deleted_at IS NULL THEN OLD.text END,
        64 + octet_length(OLD.text) + octet_length(NEW.text)
    FROM searchable_messages WHERE message_id = NEW.id
    ON CONFLICT DO UPDATE SET bytes = 64 + ifnull(octet_length(indexed_text), 0) + octet_length(NEW.text);
END;
