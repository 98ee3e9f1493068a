DROP TABLE direct_conversations;
DROP TABLE conversations;
