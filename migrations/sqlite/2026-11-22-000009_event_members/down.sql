DELETE FROM sqlite_stat1 WHERE idx = 'events_by_member';
DROP INDEX events_by_member;
