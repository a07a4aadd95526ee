"""`parley serve`: an archive as read-only web pages and feeds, without any script."""
