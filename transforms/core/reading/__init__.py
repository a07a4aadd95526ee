"""From bytes to clean text: addresses, feeds, articles, and which of them may matter."""
