-- Marks the file as a messenger's: "MSGR".
PRAGMA application_id = 0x4d534752;

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    -- Already folded to lower case.
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    -- Milliseconds since 1970, as every time here.
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
