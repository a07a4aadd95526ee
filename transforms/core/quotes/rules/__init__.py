"""The rules that find attributed words, a family a file."""
