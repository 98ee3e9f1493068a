DROP TRIGGER messages_are_numbered;
DROP TRIGGER changed_texts_are_noted;
DROP TABLE unindexed_messages;
DROP TABLE message_words;
DROP TABLE searchable_messages;
