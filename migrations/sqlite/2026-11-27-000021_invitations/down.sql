DROP TABLE departures;
ALTER TABLE users DROP COLUMN invitations_from;
