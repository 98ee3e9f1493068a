-- What every kind of conversation has: the counter that gives its messages their order.
CREATE TABLE conversations (
    id BLOB NOT NULL PRIMARY KEY,
    latest_seq BIGINT NOT NULL
) WITHOUT ROWID;

-- A conversation between two people, found by the pair in either order; both are the same in a note to self.
CREATE TABLE direct_conversations (
    conversation_id BLOB NOT NULL PRIMARY KEY REFERENCES conversations (id),
    lower_user_id BLOB NOT NULL REFERENCES users (id),
    higher_user_id BLOB NOT NULL REFERENCES users (id),
    UNIQUE (lower_user_id, higher_user_id),
    CHECK (lower_user_id <= higher_user_id)
) WITHOUT ROWID;
