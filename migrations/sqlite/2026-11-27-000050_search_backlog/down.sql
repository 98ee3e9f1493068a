DROP TRIGGER changed_texts_are_noted;
DROP TRIGGER messages_are_numbered;

-- What still waits is indexed when the earlier version starts.
ALTER TABLE unindexed_messages DROP COLUMN bytes;

CREATE TRIGGER messages_are_numbered AFTER INSERT ON messages BEGIN
    INSERT INTO searchable_messages (message_id) VALUES (NEW.id);
    INSERT INTO unindexed_messages (number) SELECT number FROM searchable_messages WHERE message_id = NEW.id;
END;

CREATE TRIGGER changed_texts_are_noted AFTER UPDATE OF text ON messages BEGIN
    INSERT OR IGNORE INTO unindexed_messages (number, indexed_text)
    SELECT number, CASE WHEN OLD.deleted_at IS NULL THEN OLD.text END
    FROM searchable_messages WHERE message_id = NEW.id;
END;
