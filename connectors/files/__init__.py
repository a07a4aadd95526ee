"""Files that people name: articles, feed lists, cases, and how a file is written whole."""
