"""The workspace's database: the change journal and the rows that screens read, which follow from it."""
