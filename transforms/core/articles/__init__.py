"""From a page to an article, and whether it may matter."""
