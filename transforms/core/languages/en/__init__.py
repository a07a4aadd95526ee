"""The English language pack: cues, word lists, numerals, spelling."""
