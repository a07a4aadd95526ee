"""How rows become text, HTML, JSON and CloudEvents; no input and no output here."""
