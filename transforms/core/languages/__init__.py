"""What is particular to one language: a language pack each."""
