-- By whom somebody lets themselves be added to chatrooms: everybody, contacts or nobody.
ALTER TABLE users ADD COLUMN invitations_from TEXT NOT NULL DEFAULT 'everybody';

-- Who has left a chatroom of their own accord, and is not in it again.
CREATE TABLE departures (
    chatroom_id BLOB NOT NULL REFERENCES chatrooms (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    -- An id that was minted in the moment of leaving: messages with greater ids came later, whatever the clock said.
    moment BLOB NOT NULL,
    PRIMARY KEY (chatroom_id, user_id)
) WITHOUT ROWID;
