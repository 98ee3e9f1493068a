ALTER TABLE messages ADD COLUMN edited_at BIGINT;
-- A deleted message keeps its place; its text is empty.
ALTER TABLE messages ADD COLUMN deleted_at BIGINT;
-- Another message of the conversation.
ALTER TABLE messages ADD COLUMN reply_to_id BLOB;
-- A digest of the text as it was sent, once that has changed: a retry under the same idempotency key repeats the old text.
ALTER TABLE messages ADD COLUMN sent_digest BLOB;
