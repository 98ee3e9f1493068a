-- Usernames that somebody gave up: for some time nobody else gets them.
CREATE TABLE retired_usernames (
    username TEXT NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    retired_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX retired_usernames_by_user ON retired_usernames (user_id, retired_at);
