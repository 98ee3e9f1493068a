-- Which log of events this is: one row, drawn once. It is part of every event cursor, so that one of another database, which may
-- have come just as far, is not taken for one of this. A copy of the file is the same log.
CREATE TABLE log (
    id BIGINT NOT NULL PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO log (id) VALUES (random());
